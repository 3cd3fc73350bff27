namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>A host that is told of breaks.</summary>
public interface IBreakListener
{
    /// <summary>
    /// A break was hit. The thread stands as <see cref="BreakHit"/> says and returns from its run after this; the listener keeps it from running again
    /// until a person says so. For <see cref="BreakHit.IsOutsideOfRun"/> no CPU returns.
    /// </summary>
    void Hit(in BreakHit hit);
}
