using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.State;

/// <summary>
/// The architected state of one hardware thread plus the few pointers the hot path needs.
/// Blittable, lives in unmanaged memory at a fixed address, so that handlers and translated code address it directly.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CpuState
{
    /// <summary>Index of the GPR slot that always reads zero: the decoder maps (RA|0) with RA=0 to it.</summary>
    public const int ZeroGpr = 32;

    /// <summary>GPR 0..31; slot 32 is constant zero, see <see cref="ZeroGpr"/>.</summary>
    public fixed ulong Gpr[33];

    /// <summary>Machine State Register. Change it only through <see cref="Execution.Cpu.SetMsr"/>, which re-selects address spaces.</summary>
    public ulong Msr;

    /// <summary>MSR[FP, VEC, VSX] as they count: 0 where HFSCR makes the facility unavailable. Follows <see cref="Msr"/>.</summary>
    public ulong Facilities;

    /// <summary>Address of the next instruction; exact only outside of a run (inside, the slot pointer is the truth).</summary>
    public ulong Nia;

    /// <summary>Effective address of the code page being executed (4 KiB aligned).</summary>
    public ulong CodePageEa;

    /// <summary>First decoded slot of that page.</summary>
    public Isa.Insn* CodePage;

    /// <summary>Instructions left in the current run; the run loop stops at zero.</summary>
    public long Remaining;

    /// <summary>Instructions completed since power-on, when <see cref="Remaining"/> reaches zero. Now = this - Remaining.</summary>
    public long RunEnd;

    /// <summary>Data TLBs by EA bit 0 (quadrants 0-1, quadrants 2-3).</summary>
    public Mmu.TlbEntry* DataTlb0;

    /// <summary>Data TLB of the upper half, must follow <see cref="DataTlb0"/>.</summary>
    public Mmu.TlbEntry* DataTlb1;

    /// <summary>Instruction TLBs by EA bit 0.</summary>
    public Mmu.CodeTlbEntry* CodeTlb0;

    /// <summary>Instruction TLB of the upper half, must follow <see cref="CodeTlb0"/>.</summary>
    public Mmu.CodeTlbEntry* CodeTlb1;

    /// <summary>CR fields 0..7, one byte each, value LT=8 GT=4 EQ=2 SO=1.</summary>
    public fixed byte Cr[8];

    /// <summary>XER[SO], [OV], [CA], [OV32], [CA32], each 0 or 1; the remaining XER bits (string count) in <see cref="XerRest"/>.</summary>
    public byte So, Ov, Ca, Ov32, Ca32;

    /// <summary>1 after a request to leave the run under way; other threads write it too. See <see cref="Execution.Cpu.RequestReturn"/>.</summary>
    public volatile byte StopRequested;

    /// <summary>Not 0 while traces may run for their first instruction's handler; 2 after one that had not the budget to. See <see cref="Tiers"/>.</summary>
    public byte Translates;

    /// <summary>What the host does now, for profiles; slow paths set it and put it back. Another thread reads it.</summary>
    public Execution.HostWork Work;

    /// <summary>1 while other CPUs may execute at the same time, see <see cref="Execution.Exclusion"/>.</summary>
    public byte Concurrent;

    /// <summary>XER bits that have no byte of their own.</summary>
    public uint XerRest;

    /// <summary>FPSCR, all 64 bits (ISA 3.0B Book I 4.2.2).</summary>
    public ulong Fpscr;

    /// <summary>VSCR (32 bits: NJ = 0x10000, SAT = 1).</summary>
    public uint Vscr;

    /// <summary>1 while a reservation is held.</summary>
    public uint ReserveValid;

    /// <summary>Real address of the reservation, value loaded, and its length in bytes.</summary>
    public ulong ReserveRa, ReserveValueLow, ReserveValueHigh, ReserveLength;

    /// <summary>VSR 0..63 as host little-endian 128-bit numbers: [2n] = doubleword 1 (low), [2n+1] = doubleword 0 (high). FPR n is [2n+1]; VR n is VSR 32+n.</summary>
    public fixed ulong Vsr[128];

    /// <summary>SPRs by number, for those whose read is a plain load. Numbers in <see cref="SprNumber"/>.</summary>
    public fixed ulong Spr[1024];

    /// <summary>Bytes of a 16-byte access that takes the slow path, see <see cref="Interpreter.VectorAccess"/>.</summary>
    public fixed ulong AccessBuffer[2];

    /// <summary>GCHandle of the owning <see cref="Execution.Cpu"/>; slow paths only.</summary>
    public nint CpuHandle;

    /// <summary>Where traces have often been left to code that is not translated, or null. See <see cref="Tiers"/>.</summary>
    public Isa.Insn* HotSlot;

    /// <summary>Number of <see cref="Exits"/>.</summary>
    public const int ExitCounters = 1024;

    /// <summary>
    /// How often traces were left to code that is not translated, modulo 256. Traces share them if there are many, CPUs do not: they would wait for each other's writes.
    /// </summary>
    public fixed byte Exits[ExitCounters];

    /// <summary>Instructions completed since power-on.</summary>
    public readonly long Executed => RunEnd - Remaining;

    /// <summary>XER as software sees it (ISA 3.0B Book I 3.2.2).</summary>
    public ulong Xer
    {
        readonly get => ((ulong)So << 31) | ((ulong)Ov << 30) | ((ulong)Ca << 29) | ((ulong)Ov32 << 19) | ((ulong)Ca32 << 18) | XerRest;
        set
        {
            So = (byte)((value >> 31) & 1);
            Ov = (byte)((value >> 30) & 1);
            Ca = (byte)((value >> 29) & 1);
            Ov32 = (byte)((value >> 19) & 1);
            Ca32 = (byte)((value >> 18) & 1);

            // POWER9 keeps SO, OV, CA, OV32, CA32 and the low 18 bits, of which 0:56..63 hold the string count.
            XerRest = (uint)value & 0x0003FFFF;
        }
    }

    /// <summary>CR as one word, field 0 in the high nibble.</summary>
    public uint CrWord
    {
        get => ((uint)Cr[0] << 28) | ((uint)Cr[1] << 24) | ((uint)Cr[2] << 20) | ((uint)Cr[3] << 16) | ((uint)Cr[4] << 12) | ((uint)Cr[5] << 8) | ((uint)Cr[6] << 4) | Cr[7];

        set
        {
            for (int field = 0; field < 8; field++)
                Cr[field] = (byte)((value >> (28 - (4 * field))) & 0xF);
        }
    }

    /// <summary>Lets the run loop end after the current instruction without losing count. Between runs there is none, and nothing to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StopAfterThisInstruction()
    {
        if (Remaining <= 1)
            return;
        RunEnd -= Remaining - 1;
        Remaining = 1;
    }
}
