namespace RenodeUvmem.Power9.Interrupts;

/// <summary>DSISR bits that instructions set by themselves (ISA 3.0B Book III 6.5.3; bits 60 and 61 as Linux's DSISR_BAD_COPYPASTE, DSISR_BAD_AMO).</summary>
[Flags]
public enum DataStorageCause : uint
{
    /// <summary>The access is a store.</summary>
    Store = 0x02000000,

    /// <summary>copy or paste on storage of the wrong type.</summary>
    CopyPaste = 0x00000008,

    /// <summary>Atomic memory operation with a function code that is not defined.</summary>
    AtomicFunction = 0x00000004,
}
