using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>
/// Executes a sequence in problem state, interpreted or as a trace, from the same state: with pages that are mapped, read-only, not there, or not marked as changed;
/// with a decrementer that may end it; in one run, or in several that end anywhere.
/// </summary>
internal sealed unsafe class SequenceMachine : IDisposable
{
    private const ulong CodePage = 0x20000;
    private const int CodePages = 2;

    // Some accesses miss the code by a little.
    private const ulong FirstCode = CodePage - PageSize;
    private const ulong DataPages = 0x24000;
    private const ulong DataAddress = 0x74000000;
    private const int PageCount = 6;
    private const int PageSize = 0x1000;
    private const int Tries = 4;
    private const uint Stay = 0x48000000; // b .

    private readonly BareMachine machine = new();
    private readonly Translator translator;
    private readonly byte[] atFirst;
    private readonly byte[] code = new byte[(CodePages + 2) * PageSize];
    private readonly (ulong Entry, ulong Bits)[] entries;
    private readonly RamRange ram;
    private Path path = Path.None;
    private int mode;
    private ulong start;
    private ulong msr;

    /// <summary>A machine.</summary>
    /// <param name="portable">Whether the runtime's compiler makes the traces; else this host's code generator, if it has one.</param>
    /// <param name="backEnd">What else makes them.</param>
    public SequenceMachine(bool portable, IBackEnd? backEnd = null)
    {
        // Nothing is hot but what is added.
        var never = new Hotness(int.MaxValue, int.MaxValue);
        translator = backEnd is null ? new Translator(machine.Memory, never, portable) : new Translator(machine.Memory, never, backEnd);
        translator.Tally = new TraceTally();
        ram = machine.Memory.Ranges[0];
        for (ulong address = 0; address < 0x4000; address += 4)
            machine.Put(address, Stay);
        ulong[] bits = [Open, Open, RadixTree.Read | RadixTree.Referenced, Open & ~RadixTree.Changed, 0, Open];
        entries = [.. bits.Select((value, k) => (Map(k, value), value))];
        var writer = new SnapshotWriter("");
        machine.Cpu.Save(writer);
        atFirst = writer.ToArray();
    }

    /// <summary>Instructions executed in traces.</summary>
    public long InTraces => translator.Tally!.Instructions;

    /// <summary>What is compiled instead of a sequence, for traces that are wrong on purpose.</summary>
    public Func<RecordedTrace, RecordedTrace> Spoil
    {
        set => translator.Spoil = value;
    }

    /// <summary>How often all traces were thrown away.</summary>
    public int Starts => translator.Starts;

    /// <summary>How often a trace was entered.</summary>
    public long Entries => translator.Tally!.Entries;

    /// <summary>Instructions that the compiler took, of all.</summary>
    public (int All, int Translated) Instructions => translator.Instructions;

    /// <summary>Recordings that could not be compiled, and why.</summary>
    public string? Failure => translator.Failed == 0 ? null : translator.LastFailure;

    private static ulong Open => RadixTree.OpenPage;

    private bool CodeIsIntact => new ReadOnlySpan<byte>(machine.Host(FirstCode), code.Length).SequenceEqual(code);

    public void Dispose()
    {
        translator.Dispose();
        machine.Dispose();
    }

    /// <summary>Takes a sequence; a trace is made of what is executed of it from that state, of some, in which it goes furthest. False if that is nothing.</summary>
    public bool Take(uint[] words, int decodeMode, int offset, int seed)
    {
        mode = decodeMode;
        msr = Msr.HV | Msr.ME | Msr.RI | BareMachine.Problem | Msr.FP | Msr.VEC | Msr.VSX | (mode < 2 ? Msr.SF : 0) | (DecodeMode.IsLittleEndian(mode) ? Msr.LE : 0);
        start = BareMachine.UserBase + CodePage + (ulong)offset;
        for (int k = 0; k < code.Length; k += 4)
        {
            int index = (k - PageSize - offset) / 4;
            uint word = index >= 0 && index < words.Length ? words[index] : Stay;
            machine.PutIn(FirstCode + (ulong)k, (msr & Msr.LE) != 0, word);
        }

        new ReadOnlySpan<byte>(machine.Host(FirstCode), code.Length).CopyTo(code);
        path = Enumerable.Range(seed, Tries).Select(Follow).MaxBy(found => found.Slots.Count)!;
        if (path.Slots.Count == 0)
            return false;
        Add();
        return true;
    }

    /// <summary>
    /// Whether the last run went astray into data: from then on stores to that page are made in another way, whatever the state says, so that a second run from it is not the same.
    /// </summary>
    public bool ExecutedData { get; private set; }

    /// <summary>Everything after a run from a state, and where in it what is.</summary>
    public SnapshotWriter Run(int seed, bool translated)
    {
        Prepare(seed);
        machine.Cpu.Translator = translated ? translator : null;
        var random = new Random(seed);
        int left = random.Next(path.Slots.Count, 3 * path.Slots.Count + 8);
        bool whole = random.Next(2) == 0;
        while (left > 0)
        {
            int count = whole ? left : Math.Min(left, random.Next(1, (2 * path.Slots.Count) + 2));
            machine.Cpu.Execute(count);
            left -= count;
        }

        ExecutedData = !ForgetStores();
        machine.Cpu.Translator = null;
        var writer = new SnapshotWriter("");
        machine.Cpu.Save(writer);
        writer.Begin("memory");
        writer.Write(new ReadOnlySpan<byte>(machine.Host(FirstCode), code.Length));
        writer.Write(new ReadOnlySpan<byte>(machine.Host(DataPages), PageCount * PageSize));
        foreach ((ulong entry, _) in entries)
            writer.Write(machine.HostTables.Read(entry));
        writer.End();
        return writer;
    }

    /// <summary>The instructions of the trace.</summary>
    public string Describe() => string.Join("; ", path.Places.Select(place => Disassembler.Text(CodeCache.WordAt(PageOf(place), Index(place)), start))) + (path.Loops ? "; again" : "");

    private static int Index(int place) => (place % PageSize) / 4;

    private CodePage* PageOf(int place) => machine.Memory.Code.Get(ram, CodePage + (ulong)(place / PageSize * PageSize), mode);

    private ulong Map(int page, ulong bits) => machine.HostProcess.Map(DataAddress + (ulong)(page * PageSize), DataPages + (ulong)(page * PageSize), RadixTree.Size4K, bits);

    // What the interpreter executes from a state: until an interrupt, until it comes back, or leaves the two pages.
    private Path Follow(int seed)
    {
        path = Path.None;
        Prepare(seed);
        var slots = new List<RecordedSlot>();
        var places = new List<int>();
        bool loops = false;
        Cpu cpu = machine.Cpu;
        var seen = new HashSet<ulong>();
        long deliveries = cpu.Deliveries;
        while (slots.Count < Translator.LongestTrace && cpu.Deliveries == deliveries)
        {
            ulong nia = cpu.State->Nia;
            ulong offset = nia - BareMachine.UserBase - CodePage;
            if (offset >= CodePages * PageSize)
                break;
            loops = nia == start && slots.Count != 0;
            if (!seen.Add(nia))
                break;

            cpu.Execute(1);
            CodePage* page = CodeCache.Find(ram, CodePage + (offset & ~0xFFFUL), mode);

            // It stored so much to it that it was taken for data.
            if (page == null)
                return Path.None;
            Insn* slot = page->Slots + ((offset & 0xFFF) / 4);
            if (InstructionRow.MethodOf((nint)slot->Fn) is { } handler)
            {
                slots.Add(new RecordedSlot(*slot, (long)slot, (long)page->Slots, handler));
                places.Add((int)offset);
            }
        }

        // What was recorded of code that a store changed is not the sequence.
        return CodeIsIntact ? new Path(slots, places, loops) : Path.None;
    }

    private void Add()
    {
        translator.Add(path.Slots, path.Loops);
        translator.WaitUntilIdle();
    }

    private void Prepare(int seed)
    {
        Restore();
        var random = new Random(seed);
        machine.Cpu.Load(new SnapshotReader(atFirst));
        if (random.Next(2) == 0)
        {
            // With entries in the TLBs.
            SetState(new Random(seed));
            machine.Cpu.Execute(100);
            Restore();
        }

        SetState(new Random(seed));
    }

    private void SetState(Random random)
    {
        CpuState* s = machine.S;
        for (int r = 0; r < 32; r++)
            s->Gpr[r] = Value(random);
        for (int r = SequenceGenerator.FirstBase; r <= SequenceGenerator.LastBase; r++)
            s->Gpr[r] = Address(random);
        s->Gpr[SequenceGenerator.IndexRegister] = (ulong)random.Next(-8, 9) * (random.Next(4) == 0 ? 1UL : 8UL);
        for (int k = 0; k < 128; k++)
            s->Vsr[k] = random.Next(4) == 0 ? (ulong)random.NextInt64() : BitConverter.DoubleToUInt64Bits(random.Next(-1000, 1000) / 8.0);
        s->CrWord = (uint)random.NextInt64(1L << 32);
        s->Xer = (ulong)random.NextInt64() & 0xE00C007F;
        s->Spr[SprNumber.LR] = start;
        s->Spr[SprNumber.CTR] = (ulong)random.Next(0, 6);
        s->Fpscr = random.Next(4) == 0 ? (ulong)random.Next(256) : 0;
        s->Vscr = (uint)random.Next(2) << 16;
        s->ReserveValid = 0;
        if (random.Next(4) == 0)
            machine[SprNumber.DEC] = (ulong)random.Next(1, 40);
        int off = random.Next(48);
        machine.At(start, msr & ~(off switch { 0 => Msr.FP, 1 => Msr.VEC, 2 => Msr.VSX, _ => 0UL }));
    }

    // Memory as at first; where that takes code back, traces of it are gone.
    private void Restore()
    {
        var data = new Span<ulong>(machine.Host(DataPages), PageCount * PageSize / 8);
        for (int k = 0; k < data.Length; k++)
            data[k] = 0x0102030405060708UL * (ulong)(k + 1);
        foreach ((ulong entry, ulong bits) in entries)
            machine.HostTables.Write(entry, (machine.HostTables.Read(entry) & ~0x1AFUL) | bits);
        bool asBefore = CodeIsIntact;
        if (!asBefore)
        {
            code.CopyTo(new Span<byte>(machine.Host(FirstCode), code.Length));
            machine.Memory.InvalidateCode(FirstCode, (ulong)code.Length);
        }

        // What is taken for code, and soon for data, decides how stores are made.
        if (!ForgetStores())
        {
            asBefore = false;
            machine.Memory.Code.Drop();
        }

        if (asBefore || path.Slots.Count == 0)
            return;
        path = path with { Slots = [.. path.Slots.Zip(path.Places, DecodeAgain)] };
        Add();
    }

    // False if data was executed.
    private bool ForgetStores()
    {
        bool data = false;
        for (ulong real = FirstCode; real < DataPages + (PageCount * PageSize); real += PageSize)
        {
            for (int any = 0; any < DecodeMode.Count; any++)
            {
                CodePage* page = CodeCache.Find(ram, real, any);
                if (page == null)
                    continue;
                page->Stored = 0;
                data |= real is < CodePage or >= CodePage + (CodePages * PageSize);
            }
        }

        return !data;
    }

    // The page may be another one: where much is stored to it, it was taken for data.
    private RecordedSlot DecodeAgain(RecordedSlot recorded, int place)
    {
        CodePage* page = PageOf(place);
        Insn* slot = page->Slots + Index(place);
        machine.Memory.Code.Decode(page, slot);
        return recorded with { Slot = (long)slot, Page = (long)page->Slots };
    }

    private ulong Address(Random random)
    {
        if (random.Next(40) == 0)
            return start + (ulong)(4 * random.Next(-8, 16));
        ulong page = (ulong)(random.Next(3) == 0 ? random.Next(PageCount) : random.Next(2)) * PageSize;
        return DataAddress + page + (ulong)(random.Next(5) == 0 ? PageSize - random.Next(32) : 8 * random.Next(PageSize / 8));
    }

    private static ulong Value(Random random) => random.Next(5) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ~(ulong)random.NextInt64(),
        2 => (ulong)(uint)random.Next(),
        _ => (ulong)random.Next(-3, 4),
    };

    // Instructions as they are executed, and where in the code they are, in bytes.
    private readonly record struct Path(List<RecordedSlot> Slots, List<int> Places, bool Loops)
    {
        public static Path None => new([], [], false);
    }
}
