namespace RenodeUvmem.Power9.Tiers;

/// <summary>Makes host code of recorded traces. Used by one thread at a time.</summary>
internal interface IBackEnd : IDisposable
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>How hot code must be to be worth what a compilation costs.</summary>
    Hotness Usual { get; }

    /// <summary>Whether its code makes the guest's loads and stores one by one and in their order, so that CPUs may execute it at the same time.</summary>
    bool KeepsOrder { get; }

    /// <summary>Whether there is no room for more code.</summary>
    bool Full { get; }

    /// <summary>Whether code that is made from now on says in <see cref="State.CpuState.Work"/> that it executes, for profiles. Not every back end does.</summary>
    bool MarksWork { get; set; }

    /// <summary>Bytes of host code, 0 if not known.</summary>
    long CodeSize { get; }

    /// <summary>The recorded instructions as one or several traces; those that nothing is gained for are left out.</summary>
    /// <exception cref="UntranslatableException">None can be made.</exception>
    IEnumerable<CompiledTrace> Compile(RecordedTrace trace, nint epoch);

    /// <summary>Forgets all code. No CPU may be in it, or reach it.</summary>
    void Clear();
}
