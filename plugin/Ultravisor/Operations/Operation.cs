using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Something that needs the hypervisor's help one or more times before a guest CPU can go on: an explicit state machine.
/// <see cref="Run"/> is called to begin and again with each answer; all state between is in fields.
/// </summary>
internal abstract class Operation
{
    /// <summary>What it is, for a snapshot.</summary>
    public abstract OperationKind Kind { get; }

    /// <summary>Goes on until the next call of the hypervisor or the end.</summary>
    /// <param name="uv">The ultravisor.</param>
    /// <param name="context">The guest CPU.</param>
    /// <param name="answer">R3 and R4 of the hypervisor, or the result of a child; zero at the beginning.</param>
    public abstract Step Run(UltravisorModel uv, UvContext context, Answer answer);

    /// <summary>What it does and how far it is, for a person.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Writes all its state; the class's Load makes an equal one of it.</summary>
    public abstract void Save(UltravisorModel uv, SnapshotWriter writer);
}
