using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Where control goes: instruction addresses, branches out of the page, page ends.</summary>
public static unsafe class Flow
{
    /// <summary>Address of the instruction in slot <paramref name="i"/> (ISA: CIA).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Cia(CpuState* s, Insn* i) => s->CodePageEa + ((ulong)((byte*)i - (byte*)s->CodePage) >> 2);

    /// <summary>Slot of the instruction at <paramref name="ea"/>, or null with Nia set when the page is not at hand: the run then ends and resumes there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* To<TMode>(CpuState* s, ulong ea)
        where TMode : struct, IMode
    {
        ea = ModeOps<TMode>.Ea(ea) & ~3UL;
        CodeTlbEntry* entry = (&s->CodeTlb0)[ea >> 63] + ((ea >> 12) & (CodeTlbEntry.Count - 1));
        ulong page = ea & ~0xFFFUL;
        if (entry->Tag != page)
        {
            s->Nia = ea;
            return null;
        }

        s->CodePageEa = page;
        s->CodePage = entry->Slots;
        return entry->Slots + ((ea >> 2) & (Insn.SlotsPerPage - 1));
    }
}
