namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>What is attacked: usually a small machine. Knows the operations that callers make on it and the properties that must survive them.</summary>
internal abstract class Target : IDisposable
{
    /// <summary>Nothing more can happen: the machine stopped in a way that is allowed.</summary>
    public virtual bool IsOver => false;

    /// <summary>One operation, chosen by <paramref name="random"/> alone, with the properties that are cheap to check.</summary>
    /// <param name="random">All choices come from here, so that an operation is the same whichever went before.</param>
    /// <param name="story">What is done; written before it is done.</param>
    /// <exception cref="BrokenPropertyException">A property does not hold.</exception>
    public abstract void Act(FuzzRandom random, Story story);

    /// <summary>All properties.</summary>
    /// <exception cref="BrokenPropertyException">A property does not hold.</exception>
    public abstract void Check();

    /// <summary>What holds after the last operation.</summary>
    /// <exception cref="BrokenPropertyException">A property does not hold.</exception>
    public virtual void End()
    {
    }

    public abstract void Dispose();
}
