namespace RenodeUvmem.Power9.Mmu;

/// <summary>Which interrupt a failed translation causes.</summary>
public enum TranslationFault : byte
{
    None,

    /// <summary>Data or Instruction Segment: the address is outside what the radix tree covers, or in no segment.</summary>
    Segment,

    /// <summary>Machine check: two segment lookaside entries for one address.</summary>
    SegmentMultihit,

    /// <summary>Data or Instruction Storage.</summary>
    Process,

    /// <summary>Hypervisor Data or Instruction Storage; <see cref="Translation.Asdr"/> says on what.</summary>
    Partition,

    /// <summary>The access itself reached no memory or memory it may not see.</summary>
    MachineCheck,

    /// <summary>A table walk reached no memory or memory it may not see.</summary>
    MachineCheckInWalk,
}

/// <summary>Result of translating one effective address.</summary>
public struct Translation
{
    /// <summary>Real address, valid if <see cref="Fault"/> is None.</summary>
    public ulong Real;

    /// <summary>What may be done with the page without walking again. Lacks Write while C is not set.</summary>
    public Protection Allowed;

    /// <summary>False if the result must not be kept: quadrants 1 and 2 in hypervisor state, key-0 decisions outside the tag.</summary>
    public bool Cacheable;

    /// <summary>The interrupt to take.</summary>
    public TranslationFault Fault;

    /// <summary>DSISR or HDSISR cause bits without the store bit.</summary>
    public uint Status;

    /// <summary>For ASDR: the guest real page that partition-scoped translation failed on, or the segment of hash translation.</summary>
    public ulong Asdr;
}
