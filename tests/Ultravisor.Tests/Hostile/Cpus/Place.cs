using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>Where random code runs.</summary>
/// <param name="Name">For the story.</param>
/// <param name="Lpid">LPIDR.</param>
/// <param name="Msr">MSR, without bits that may be anything.</param>
/// <param name="Code">Effective address of the code.</param>
internal sealed record Place(string Name, ulong Lpid, ulong Msr, ulong Code)
{
    public bool IsHypervisor => (Msr & Power9.State.Msr.HV) != 0;

    public bool IsSvm => (Msr & Power9.State.Msr.S) != 0;
}
