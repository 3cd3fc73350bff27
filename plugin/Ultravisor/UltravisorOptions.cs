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
}
