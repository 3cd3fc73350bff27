using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Memory;

/// <summary>One refused access to secure memory.</summary>
/// <param name="Initiator">CPU number (PIR), or -1 for a device.</param>
/// <param name="Real">Real address.</param>
/// <param name="EffectiveAddress">Effective address that led there; the real address again for a device.</param>
/// <param name="InstructionAddress">Address of the instruction; 0 for a device.</param>
/// <param name="Kind">Load, store or fetch.</param>
/// <param name="InWalk">True if a table walk tried it.</param>
public readonly record struct SecureViolation(int Initiator, ulong Real, ulong EffectiveAddress, ulong InstructionAddress, AccessKind Kind, bool InWalk)
{
    /// <summary>Instructions that the CPU had executed; 0 for a device.</summary>
    public long Instruction { get; init; }

    /// <summary>MSR of the CPU; 0 for a device.</summary>
    public ulong Msr { get; init; }

    /// <summary>LPIDR of the CPU; 0 for a device.</summary>
    public ulong Lpid { get; init; }
}

/// <summary>Is told of each access to secure memory by something that may not see it. The access is refused in any case.</summary>
public interface ISecureMemoryMonitor
{
    /// <summary>Called before the machine check is taken. Return false to stop the machine instead.</summary>
    bool Violation(in SecureViolation violation);
}
