namespace RenodeUvmem.Power9.Mmu;

/// <summary>Which interrupt a failed translation causes.</summary>
public enum TranslationFault : byte
{
    None,

    /// <summary>Data or Instruction Segment: the address is outside what the radix tree covers.</summary>
    Segment,

    /// <summary>Data or Instruction Storage.</summary>
    Process,

    /// <summary>Hypervisor Data or Instruction Storage; <see cref="Translation.GuestReal"/> goes to ASDR.</summary>
    Partition,

    /// <summary>The access itself reached no memory or memory it may not see.</summary>
    MachineCheck,

    /// <summary>A table walk reached no memory or memory it may not see.</summary>
    MachineCheckInWalk,

    /// <summary>The partition uses hash translation, which this CPU does not implement.</summary>
    HashNotImplemented,
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

    /// <summary>Guest real address that partition-scoped translation failed on.</summary>
    public ulong GuestReal;
}
