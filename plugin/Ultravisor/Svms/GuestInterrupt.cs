using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Gives an SVM an interrupt of its own, as the CPU would (ISA 3.0B Book III 6.4, 6.5).</summary>
internal static class GuestInterrupt
{
    private const ulong AlternateLocation = 0xC000000000004000;
    private const ulong Relocation = Msr.IR | Msr.DR;

    // Vectors lie below this, 32 bytes apart (ISA 3.0B Book III 6.5).
    private const ulong VectorLimit = 0x2000;
    private const ulong VectorDistance = 0x20;

    /// <summary>MSR[IR,DR] that belong to an interrupt vector at an address: none, or both at the alternate location; null if no vector is there.</summary>
    public static ulong? RelocationAt(ulong address)
    {
        if (address % VectorDistance != 0)
            return null;
        if (address < VectorLimit)
            return 0;
        return address - AlternateLocation < VectorLimit ? Relocation : null;
    }

    /// <summary>Interrupts to the OS of an SVM: real mode, or relocated by LPCR[AIL]=3.</summary>
    public static void Deliver(GuestRegisters registers, ulong lpcr, Vector vector, ulong cause)
    {
        ulong before = registers.Msr;
        registers.Srr0 = registers.Nia;
        registers.Srr1 = (before & ~SaveRestore.CauseMask) | (cause & SaveRestore.CauseMask);
        ulong msr = Msr.SF | Msr.S | Msr.ME;
        if ((lpcr & Lpcr.ILE) != 0)
            msr |= Msr.LE;
        ulong address = (ulong)vector;
        if ((lpcr & Lpcr.AIL) == Lpcr.AIL && (before & Relocation) == Relocation)
        {
            msr |= Relocation;
            address += AlternateLocation;
        }

        registers.Nia = address;
        registers.Msr = msr;
    }

    /// <summary>Data storage interrupt with DAR and DSISR.</summary>
    public static void DataStorage(GuestRegisters registers, ulong lpcr, ulong dar, ulong dsisr)
    {
        registers.SetHidden(SprNumber.DAR, dar);
        registers.SetHidden(SprNumber.DSISR, dsisr);
        Deliver(registers, lpcr, Vector.DataStorage, 0);
    }
}
