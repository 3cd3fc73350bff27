using RenodeUvmem.Ultravisor.Recording;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>Calls of one name: how many, how many failed, how long they took.</summary>
/// <param name="Kind">Who called whom.</param>
/// <param name="Text">Name.</param>
/// <param name="Count">Calls that were answered.</param>
/// <param name="Failures">Of those, answered with another code than 0.</param>
/// <param name="Unanswered">Calls that never were.</param>
/// <param name="Durations">Ticks from call to answer, of those that were answered, shortest first.</param>
internal sealed record CallRow(CallKind Kind, string Text, int Count, int Failures, int Unanswered, ulong[] Durations)
{
    /// <summary>Rows of a record, by kind and number.</summary>
    public static IReadOnlyList<CallRow> Of(RunRecord record) =>
    [
        .. record.Calls
            .GroupBy(call => (call.Kind, call.Name.Number, call.Text))
            .OrderBy(group => group.Key.Kind).ThenBy(group => group.Key.Number)
            .Select(group => new CallRow(
                group.Key.Kind,
                group.Key.Text,
                group.Count(call => call.Result is not null),
                group.Count(call => call.Result is not (null or 0)),
                group.Count(call => call.Result is null),
                [.. group.Where(call => call.Result is not null).Select(call => call.End - call.Begin).Order()])),
    ];

    /// <summary>The shortest duration that at least so many percent of the calls do not exceed (nearest rank); 0 without calls.</summary>
    public ulong Percentile(int percent) => Durations.Length == 0 ? 0 : Durations[(((Durations.Length * percent) + 99) / 100) - 1];

    /// <summary>Ticks of all calls together.</summary>
    public ulong Total => Durations.Aggregate(0UL, (sum, one) => sum + one);
}
