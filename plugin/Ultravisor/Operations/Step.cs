using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Operations;

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
