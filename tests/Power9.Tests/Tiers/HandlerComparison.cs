using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>One instruction on one state, by its handler and by a trace that is this instruction alone: all of the state and of memory is compared.</summary>
internal sealed unsafe class HandlerComparison : IDisposable
{
    private const ulong Code = 0x2000;
    private const int Data = 0x8000;
    private const int Size = 0x20000;
    private const int Index = 500;

    private readonly PhysicalMemory memory = new();
    private readonly RamRange ram;
    private readonly Cpu cpu;
    private readonly long[] epoch = GC.AllocateArray<long>(1, pinned: true);

    public HandlerComparison()
    {
        ram = memory.AddRam(0, Size, secure: false);
        cpu = new Cpu(memory, 0);
    }

    public void Dispose()
    {
        cpu.Dispose();
        memory.Dispose();
    }

    /// <summary>A word of a row with random operands, or null if another row is more specific.</summary>
    public static uint? WordOf(InstructionRow row, Random random)
    {
        uint word = row.Value | ((uint)random.NextInt64(1L << 32) & ~row.Mask);
        return InstructionTable.Instance.Find(word) == row ? word : null;
    }

    /// <summary>The slot that a word decodes to, in a page of a mode.</summary>
    public RecordedSlot? SlotOf(uint word, int mode)
    {
        CodePage* page = memory.Code.Get(ram, Code, mode);
        Insn* slot = page->Slots + Index;
        *slot = Decoder.Decode(word, mode, Index);
        return InstructionRow.MethodOf((nint)slot->Fn) is { } handler ? new RecordedSlot(*slot, (long)slot, (long)page->Slots, handler) : null;
    }

    /// <summary>Null if both do the same, or what differs.</summary>
    public string? Compare(RecordedSlot recorded, int mode, int states, int seed)
    {
        nint epochAt = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref epoch[0]);
        return Compare(recorded, IlBackEnd.Compile([recorded], loops: false, epochAt), mode, states, seed);
    }

    /// <summary>Null if the handler and a trace of its one instruction do the same, or what differs.</summary>
    public string? Compare(RecordedSlot recorded, CompiledTrace trace, int mode, int states, int seed)
    {
        var slot = (Insn*)recorded.Slot;
        CpuState* s = cpu.State;
        var expected = new byte[sizeof(CpuState)];
        var expectedRam = new byte[Size];
        for (int n = 0; n < states; n++)
        {
            // The first time fills the TLB.
            Prepare(mode, recorded.Page, seed + n);
            slot->Fn(s, slot);
            Prepare(mode, recorded.Page, seed + n);
            Insn* next = slot->Fn(s, slot);
            new ReadOnlySpan<byte>(s, sizeof(CpuState)).CopyTo(expected);
            new ReadOnlySpan<byte>(ram.Host, Size).CopyTo(expectedRam);

            Prepare(mode, recorded.Page, seed + n);
            var translated = (Insn*)((delegate*<CpuState*, Insn*, Insn*>)trace.Entry)(s, slot);
            if (translated != next)
                return $"goes to {translated - slot}, not to {next - slot}";
            new Span<byte>(s->Exits, CpuState.ExitCounters).Clear();
            int at = new ReadOnlySpan<byte>(s, sizeof(CpuState)).CommonPrefixLength(expected);
            if (at != sizeof(CpuState))
                return $"state differs at {at}";
            at = new ReadOnlySpan<byte>(ram.Host, Size).CommonPrefixLength(expectedRam);
            if (at != Size)
                return $"memory differs at 0x{at:x}";
        }

        return null;
    }

    private void Prepare(int mode, long page, int seed)
    {
        CpuState* s = cpu.State;
        var random = new Random(seed);
        ulong msr = Msr.HV | Msr.ME | (mode < 2 ? Msr.SF : 0) | ((mode & 1) == 0 ? Msr.LE : 0);
        if (seed % 8 != 0)
            msr |= Msr.FP | Msr.VEC | Msr.VSX;
        if (s->Msr != msr)
        {
            cpu.Reset();
            cpu.SetMsr(msr);
        }

        for (int k = 0; k < 32; k++)
            s->Gpr[k] = Value(random);
        for (int k = 0; k < 128; k++)
            s->Vsr[k] = random.Next(4) == 0 ? (ulong)random.NextInt64() : BitConverter.DoubleToUInt64Bits(random.Next(-1000, 1000) / 8.0);
        for (int k = 0; k < 8; k++)
            s->Cr[k] = (byte)random.Next(16);
        s->Xer = (ulong)random.NextInt64() & 0xE00C007F;
        s->Spr[SprNumber.LR] = Value(random);
        s->Spr[SprNumber.CTR] = random.Next(3) == 0 ? 1 : Value(random);
        s->Spr[SprNumber.CFAR] = 0;
        s->Spr[SprNumber.DAR] = 0;
        s->Spr[SprNumber.SRR0] = s->Spr[SprNumber.SRR1] = 0;
        s->Spr[SprNumber.HSRR0] = s->Spr[SprNumber.HSRR1] = 0;
        s->Fpscr = random.Next(4) == 0 ? (ulong)random.Next(256) : 0;
        s->Vscr = (uint)random.Next(2) << 16;
        s->ReserveValid = 0;
        s->Nia = Code;
        s->CodePageEa = Code;
        s->CodePage = (Insn*)page;
        // A trace that has budget left goes on.
        s->Remaining = 1;
        s->RunEnd = 1000;
        s->Translates = 1;
        for (int k = 0; k < Size; k += 8)
        {
            if (k < (int)Code || k >= (int)Code + 0x1000)
                *(ulong*)(ram.Host + k) = 0x0102030405060708UL * (ulong)((k / 8) + 1);
        }
    }

    // Numbers, and addresses of data.
    private static ulong Value(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ~(ulong)random.NextInt64(),
        2 => (ulong)random.Next(-3, 4),
        _ => (ulong)(Data + random.Next(0x8000)),
    };
}
