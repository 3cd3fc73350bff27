using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>
/// Every storage instruction with S=0 at an SVM's pages, by every way to name them: real mode with and without HRMOR, tables of hypervisor and guest
/// that lead there, tables that lie there. Nothing is read, nothing changes.
/// </summary>
internal sealed unsafe class AccessTarget : Target
{
    private const ulong Tables = 0x40000;
    private const int TableFrames = 6;
    private const ulong Window = 1UL << 40;
    private const ulong Lpid = 3;
    private const ulong Pid = 7;

    // Storage control of a leaf: normal, ordered, guarded, tolerant (ISA 3.0B Book III 5.7.10.2, ATT).
    private static readonly ulong[] Attributes = [0, 0x10, 0x20, 0x30];

    private static readonly InstructionRow[] Rows =
        [.. InstructionTable.Instance.Rows.Where(row => row.Declaration.Operands.Contains("RA0", StringComparison.Ordinal) || row.Declaration.Operands.Contains("(RA)", StringComparison.Ordinal))];

    private readonly World world;
    private readonly TableArea tables;
    private readonly ulong partition;
    private readonly ulong process;
    private readonly ulong processTable;

    public AccessTarget(ulong seed)
    {
        world = new World(seed);
        Guest victim = world.Guests[0];
        Kvm.MakeSecure(world, world.Cpus[1], victim);
        for (int frame = 0; frame < Guest.FrameCount; frame++)
            world.WriteSecret(world.Cpus[1], victim, frame);
        tables = new TableArea(world.Memory, Tables, [.. Enumerable.Range(0, TableFrames).Select(n => Tables + ((ulong)n * World.Frame))]);
        partition = tables.NewRoot();
        process = tables.NewRoot();
        processTable = tables.NewProcessTable();
        tables.SetProcess(processTable, 0, process);
        tables.SetProcess(processTable, Pid, process);
        for (ulong page = 0; page < World.NormalSize; page += 2 << 20)
        {
            tables.Map(process, page, page, 2 << 20, TableArea.Open);
            tables.Map(partition, page, page, 2 << 20, TableArea.Open);
        }

        tables.Keep();
    }

    private enum Way
    {
        Real,
        RealPastHrmor,
        RealThroughHrmor,
        HostPage,
        HostProgram,
        GuestReal,
        GuestPage,
        Quadrant,
        HostTables,
        GuestTables,
        ProcessTable,
    }

    private Cpu Cpu => world.Cpus[0];

    public override void Act(FuzzRandom random, Story story)
    {
        Way way = random.PickOf(Enum.GetValues<Way>());
        ulong page = world.Uv.FindSvm(1)!.Frame((ulong)Guest.PickSecretFrame(random) * World.Frame).Secure;

        // At a secret, at the page's end, or just before the page.
        ulong offset = random.Pick<ulong>(0, 8, 0xFFF8, 0xFFFF, 0UL - (ulong)random.Below(16), (ulong)random.Below(0x10000));
        World.ToHypervisor(Cpu);
        Restore();
        ulong ea = Prepare(way, page, offset, random);
        bool fetch = random.OneIn(8);
        uint word = fetch ? 0 : Instruction(random, ea);
        story.Tell($"{way}, ");
        story.Add(() => $"{(fetch ? "fetch" : Disassembler.Text(word, World.HypervisorCode))} at 0x{ea:x}, real 0x{page + offset:x}");
        if (fetch)
            Cpu.State->Nia = ea & ~3UL;
        else
            PutCode(way, word);
        byte[] before = world.Page(page).ToArray();
        long deliveries = Cpu.Deliveries;
        Cpu.Execute(1);
        if (!world.Page(page).SequenceEqual(before))
            throw new BrokenPropertyException("secrecy", $"S=0 wrote to secure memory at 0x{page:x}");
        world.CheckCpu(Cpu);

        // What a table in secure memory holds must not decide which interrupt comes. Fetches are not relocated there, where not only the fetch is meant.
        const ulong OfInstruction = (ulong)(DataStorageCause.CopyPaste | DataStorageCause.AtomicFunction);
        ulong vector = Cpu.State->Nia & 0x1FE0;
        bool storage = vector is 0x400 or 0xE00 or 0xE20 || (vector == 0x300 && (Cpu.State->Spr[SprNumber.DSISR] & OfInstruction) == 0);
        bool walked = way == Way.GuestTables || (way is Way.HostTables or Way.ProcessTable && !fetch);
        if (walked && storage && Cpu.Deliveries != deliveries)
            throw new BrokenPropertyException("secrecy", $"tables in secure memory led to the interrupt 0x{Cpu.State->Nia:x}");
    }

    public override void Check()
    {
        world.CheckGuards();
        world.CheckSecrets();
        Consistency.Check(world.Uv, World.SecureBase, world.SecureSize);
    }

    public override void Dispose() => world.Dispose();

    private void Restore()
    {
        tables.Restore();
        CpuState* s = Cpu.State;
        Cpu.WriteSpecialSpr(SprNumber.HRMOR, 0);
        Cpu.WriteSpecialSpr(SprNumber.LPIDR, Lpid);
        Cpu.WriteSpecialSpr(SprNumber.PIDR, Pid);
        world.Call(Cpu, UltraCall.UV_WRITE_PATE, 0, (1UL << 63) | process, processTable);
        world.Call(Cpu, UltraCall.UV_WRITE_PATE, Lpid, (1UL << 63) | partition, processTable);
        s->Nia = World.HypervisorCode;
    }

    // Sets up a way to a real address; the effective address to use.
    private ulong Prepare(Way way, ulong page, ulong offset, FuzzRandom random)
    {
        ulong msr = World.HypervisorMsr | Msr.FP | Msr.VEC | Msr.VSX;
        ulong ea = Window + offset;
        ulong leaf = TableArea.Open | random.PickOf(Attributes);
        ulong upper = random.OneIn(2) ? 0xC000000000000000 : 0;
        switch (way)
        {
            case Way.Real:
                ea = page + offset;
                break;
            case Way.RealPastHrmor:
                ea = (1UL << 63) | (page + offset);
                Cpu.WriteSpecialSpr(SprNumber.HRMOR, World.SecureBase);
                break;
            case Way.RealThroughHrmor:
                ea = (page + offset) & ~World.SecureBase;
                Cpu.WriteSpecialSpr(SprNumber.HRMOR, World.SecureBase);
                break;
            case Way.HostPage or Way.HostProgram:
                tables.Map(process, Window, page, World.Frame, leaf);
                msr |= Msr.DR | Msr.IR | (way == Way.HostProgram ? Msr.PR | Msr.EE : 0);
                ea |= way == Way.HostPage ? upper : 0;
                break;
            case Way.GuestReal:
                tables.Map(partition, Window, page, World.Frame, leaf);
                msr &= ~Msr.HV;
                break;
            case Way.GuestPage:
                tables.Map(partition, Window, page, World.Frame, leaf);
                tables.Map(process, Window, Window, World.Frame, TableArea.Open);
                msr = (msr & ~Msr.HV) | Msr.IR | Msr.DR;
                ea |= upper;
                break;
            case Way.Quadrant:
                tables.Map(partition, Window, page, World.Frame, leaf);
                tables.Map(process, Window, Window, World.Frame, TableArea.Open);
                msr |= Msr.DR;
                ea |= random.Pick<ulong>(1, 2) << 62;
                break;
            case Way.HostTables:
                world.Call(Cpu, UltraCall.UV_WRITE_PATE, 0, (1UL << 63) | TableArea.RootBits | (page & ~0xFFFFUL), processTable);
                tables.SetProcess(processTable, Pid, TableArea.RootBits | page);
                msr |= Msr.DR;
                break;
            case Way.GuestTables:
                world.Call(Cpu, UltraCall.UV_WRITE_PATE, Lpid, (1UL << 63) | TableArea.RootBits | page, processTable);
                msr &= ~Msr.HV;
                break;
            default:
                tables.Map(partition, page, page, World.Frame, TableArea.Open);
                world.Call(Cpu, UltraCall.UV_WRITE_PATE, 0, (1UL << 63) | process, page);
                world.Call(Cpu, UltraCall.UV_WRITE_PATE, Lpid, (1UL << 63) | partition, page);
                msr |= Msr.DR;
                if (random.OneIn(2))
                    msr &= ~Msr.HV;
                break;
        }

        Cpu.InvalidateAllTranslations();
        Cpu.SetMsr(msr);
        return ea;
    }

    // Base and index registers hold the address, whichever the instruction uses; everything else is 0.
    private uint Instruction(FuzzRandom random, ulong ea)
    {
        const int Base = 9;
        const int Index = 10;
        InstructionRow row = random.PickOf(Rows);
        uint word = row.Value | ((uint)random.Next() & ~row.Mask);
        bool indexed = row.Declaration.Operands.Contains("RB", StringComparison.Ordinal);
        uint free = ~row.Mask;
        word = Field(word, free, 16, Base);
        if (indexed)
            word = Field(word, free, 11, Index);
        else
            word &= ~(free & 0xFFFC);
        CpuState* s = Cpu.State;
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = (ulong)n << 56;
        (s->Gpr[Base], s->Gpr[Index]) = (ea, random.OneIn(8) ? 16UL << 56 : 0);
        return word;
    }

    private static uint Field(uint word, uint free, int shift, uint value)
    {
        uint mask = (31u << shift) & free;
        return (word & ~mask) | ((value << shift) & mask);
    }

    private void PutCode(Way way, uint word)
    {
        // Real mode, or mapped one to one; HRMOR takes fetches along.
        Cpu.State->Nia = way is Way.RealPastHrmor or Way.RealThroughHrmor ? (1UL << 63) | World.HypervisorCode : World.HypervisorCode;
        *(uint*)world.Memory.Pointer(World.HypervisorCode, 4) = word;
        world.Memory.InvalidateCode(World.HypervisorCode, 4);
    }
}
