using System.Reflection;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Contracts;

/// <summary>All calls and page states that can be explained.</summary>
public static class ContractBook
{
    private static readonly AnswerAttribute Done = new(UReturn.U_SUCCESS, "done");

    /// <summary>Ultracalls by number, then the hypercalls of the ultravisor.</summary>
    public static IReadOnlyList<Contract> Calls { get; } =
    [
        .. Enum.GetValues<UltraCall>().Select(OfUltraCall),
        .. Enum.GetValues<HCall>().Where(HCallShape.IsReverse).Select(OfHypercall),
    ];

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Calls.Select(contract => contract.Call.ToString()).Concat(Enum.GetNames<PageState>());

    /// <summary>The contract of a name, whatever its case, or of a number; null if it is none of these calls.</summary>
    public static Contract? FindCall(string name) => Calls.FirstOrDefault(contract =>
        string.Equals(contract.Call.ToString(), name, StringComparison.OrdinalIgnoreCase)
        || (Number.TryParse(name, out ulong number) && number > (ulong)Enum.GetValues<PageState>()[^1] && contract.Call.Number == number));

    /// <summary>The page state of a name, whatever its case; null if it is none.</summary>
    public static PageState? FindState(string name) =>
        Enum.GetNames<PageState>().FirstOrDefault(one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase)) is { } found ? Enum.Parse<PageState>(found) : null;

    /// <summary>What a page state means.</summary>
    public static string Purpose(PageState state) => Field(state).GetCustomAttribute<PurposeAttribute>()!.Text;

    /// <summary>What Linux notes about a frame in a state, or null for states that last no longer than a call.</summary>
    public static string? KvmGfn(PageState state) => Field(state).GetCustomAttribute<KvmGfnAttribute>()?.Flag;

    private static Contract OfUltraCall(UltraCall call)
    {
        UltraCallHandler handler = UltravisorModel.HandlerOf(call)!;
        string caller = handler.Caller switch
        {
            Caller.Hypervisor => "the hypervisor: S=0, HV=1, PR=0",
            Caller.Guest => "a guest's kernel, secure or not: HV=0, PR=0",
            _ => "a secure guest's kernel: S=1, HV=0, PR=0",
        };
        return Gather(new CallName(false, (ulong)call), caller, handler.Arguments, handler.GetType(), UltravisorModel.CommonAnswers);
    }

    private static Contract OfHypercall(HCall call) =>
        Gather(new CallName(true, (ulong)call), "the ultravisor, as a hypercall of a guest CPU", CallNames.Of(call), Field(call), []);

    private static Contract Gather(CallName call, string caller, string[] arguments, MemberInfo place, IEnumerable<AnswerAttribute> common) => new(
        call,
        caller,
        arguments,
        place.GetCustomAttribute<PurposeAttribute>()!.Text,
        [Done, .. place.GetCustomAttributes<AnswerAttribute>(), .. common],
        [.. place.GetCustomAttributes<WithinAttribute>()],
        [.. place.GetCustomAttributes<LinuxAttribute>()]);

    private static FieldInfo Field<T>(T value)
        where T : struct, Enum => typeof(T).GetField(Enum.GetName(value)!)!;
}
