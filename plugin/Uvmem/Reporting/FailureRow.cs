using RenodeUvmem.Ultravisor.Recording;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>Calls of one function that failed with one code.</summary>
/// <param name="Text">Name of the call.</param>
/// <param name="Code">What was answered.</param>
/// <param name="Caller">Function, or null.</param>
/// <param name="Calls">The calls, in their order.</param>
internal sealed record FailureRow(string Text, long Code, string? Caller, IReadOnlyList<RecordedCall> Calls)
{
    /// <summary>Rows of a record, the one that came first at the top.</summary>
    public static IReadOnlyList<FailureRow> Of(RunRecord record) =>
    [
        .. record.Calls
            .Where(call => call.Result is not (null or 0))
            .GroupBy(call => (call.Text, Code: call.Result!.Value, call.Caller))
            .Select(group => new FailureRow(group.Key.Text, group.Key.Code, group.Key.Caller, [.. group])),
    ];
}
