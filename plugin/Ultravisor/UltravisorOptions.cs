using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor;

/// <summary>Settings of the ultravisor model.</summary>
public sealed record UltravisorOptions
{
    /// <summary>Seeds cookies, page keys and random numbers: equal seeds give equal runs.</summary>
    public ulong Seed { get; init; } = 0x5EC0_0D5E;

    /// <summary>What follows a refused access to secure memory.</summary>
    public ViolationPolicy Policy { get; init; } = ViolationPolicy.MachineCheck;

    /// <summary>Slots are registered beyond the size of secure memory; page-in fails when it is full.</summary>
    public bool Overcommit { get; init; }

    /// <summary>
    /// Says of a frame's address whether UV_ESM leaves it to H_SVM_INIT_DONE, zeroed, in place of asking for its content; null: it asks for all.
    /// The PEF firmware leaves what a guest's blob does not name.
    /// </summary>
    public Predicate<ulong>? LeftToDone { get; init; }
}
