using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Something that needs the hypervisor's help one or more times before a guest CPU can go on: an explicit state machine.
/// <see cref="Run"/> is called to begin and again with each answer; all state between is in fields.
/// </summary>
internal abstract class Operation
{
    /// <summary>Goes on until the next call of the hypervisor or the end.</summary>
    /// <param name="uv">The ultravisor.</param>
    /// <param name="context">The guest CPU.</param>
    /// <param name="answer">R3 and R4 of the hypervisor, or the result of a child; zero at the beginning.</param>
    public abstract Step Run(UltravisorModel uv, UvContext context, Answer answer);
}

/// <summary>What came back.</summary>
internal readonly record struct Answer(long Result, ulong Value = 0);

/// <summary>What an operation does next.</summary>
internal enum StepKind
{
    /// <summary>Calls the hypervisor.</summary>
    Call,

    /// <summary>Runs another operation first.</summary>
    Child,

    /// <summary>Ends with a result.</summary>
    Finished,

    /// <summary>Gives the guest CPU back to the hypervisor as a normal one, with H_SVM_INIT_ABORT.</summary>
    Abort,

    /// <summary>The SVM can't go on.</summary>
    Kill,
}

/// <summary>Next step of an operation.</summary>
internal readonly struct Step
{
    public StepKind Kind { get; private init; }

    public HCall Number { get; private init; }

    public ulong[] Arguments { get; private init; }

    public Operation? ChildOperation { get; private init; }

    public long Result { get; private init; }

    public string? Reason { get; private init; }

    public static Step Call(HCall number, params ulong[] arguments) => new() { Kind = StepKind.Call, Number = number, Arguments = arguments };

    public static Step Child(Operation child) => new() { Kind = StepKind.Child, ChildOperation = child };

    public static Step Finished(long result = UReturn.U_SUCCESS) => new() { Kind = StepKind.Finished, Result = result };

    public static Step Abort(string reason) => new() { Kind = StepKind.Abort, Reason = reason };

    public static Step Kill(string reason) => new() { Kind = StepKind.Kill, Reason = reason };
}
