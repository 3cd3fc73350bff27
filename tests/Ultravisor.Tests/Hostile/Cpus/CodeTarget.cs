using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>
/// Random code on the real CPU: as hypervisor, its programs, a normal guest and a hostile SVM, with page tables that are spoilt, while another SVM has
/// secrets. Guest 1 is the victim, guest 2 the hostile SVM, guest 3 a normal guest.
/// </summary>
internal sealed unsafe class CodeTarget : Target
{
    private const ulong KernelBase = 0xC000000000000000;
    private const ulong Device = 1UL << 44;
    private const ulong GuestState = Msr.SF | Msr.ME;
    private const ulong Relocated = Msr.IR | Msr.DR;
    private const ulong Problem = Msr.PR | Msr.EE | Relocated;
    private const int VictimIndex = 0;

    // MSR bits that any software may have in any combination.
    private const ulong Free = Msr.FP | Msr.VEC | Msr.VSX | Msr.LE | Msr.EE | Msr.RI | Msr.FE0 | Msr.FE1 | Msr.SE | Msr.BE | Msr.PMM;

    private static readonly Place[] Places =
    [
        new("hypervisor, real", 0, GuestState | Msr.HV, World.HypervisorCode),
        new("hypervisor, relocated", 3, GuestState | Msr.HV | Relocated, KernelBase + World.HypervisorCode),
        new("hypervisor's program", 3, GuestState | Msr.HV | Problem, World.HypervisorCode),
        new("guest, real", 3, GuestState, World.GuestCode),
        new("guest, relocated", 3, GuestState | Relocated, KernelBase + World.GuestCode),
        new("guest's program", 3, GuestState | Problem, World.GuestCode),
        new("SVM, real", 2, GuestState | Msr.S, World.GuestCode),
        new("SVM, relocated", 2, GuestState | Msr.S | Relocated, KernelBase + World.GuestCode),
        new("SVM's program", 2, GuestState | Msr.S | Problem, World.GuestCode),
    ];

    // SPRs that each level may write, so that an operation may begin with any value in them. PTCR, LDBAR and IMC are the ultravisor's.
    private static readonly SprRow[] HypervisorSprs =
        [.. SprTable.Rows.Where(row => row.Write <= Privilege.Hypervisor && row.Number is not (SprNumber.PTCR or SprNumber.LDBAR or SprNumber.IMC))];

    private static readonly SprRow[] GuestSprs = [.. SprTable.Rows.Where(row => row.Write <= Privilege.Privileged)];

    private readonly World world;
    private readonly Tables tables;
    private readonly HashArea hash;
    private readonly ulong seed;
    private bool isHash;
    private bool isOver;

    public CodeTarget(ulong seed)
    {
        this.seed = seed;
        world = new World(seed);
        world.Memory.AddDevice(Device, World.Frame, new Echo());
        Kvm.MakeSecure(world, world.Cpus[1], world.Guests[VictimIndex]);
        for (int frame = 0; frame < Guest.FrameCount; frame++)
            world.WriteSecret(world.Cpus[1], world.Guests[VictimIndex], frame);
        World.ToHypervisor(world.Cpus[1]);
        tables = new Tables(world, Cpu);
        hash = new HashArea(world.Memory);
    }

    public override bool IsOver => isOver;

    private Cpu Cpu => world.Cpus[0];

    public override void Act(FuzzRandom random, Story story)
    {
        Place place = random.PickOf(Places);
        story.Tell(place.Name);
        switch (random.Below(16))
        {
            case < 4:
                story.Add($", {(isHash ? hash.Spoil(random) : tables.Spoil(random))}");
                break;
            case 4:
                tables.WriteEntry(random, story);
                break;
            case 5 or 6:
                story.Add(", sound tables and handlers");
                tables.Restore();
                hash.Restore();
                isHash = false;
                break;
        }

        Prepare(place, random, story);
        int count = 1 + random.Below(32);
        long deliveries = Cpu.Deliveries;
        for (int n = 0; n < count; n++)
        {
            // A guest's part ends where the hypervisor's code begins: what that does is its own affair.
            long executed = Cpu.Execute(place.IsHypervisor ? count : 1);
            if (executed == 0 && !Cpu.Stopped && Cpu.StopReason is null)
                throw new BrokenPropertyException("progress", $"the CPU executes nothing at 0x{Cpu.State->Nia:x}, MSR 0x{Cpu.State->Msr:x}");
            if (place.IsHypervisor || World.InHypervisor(Cpu))
                break;
        }

        CheckStop(place, hypervisorRan: place.IsHypervisor || Cpu.Deliveries != deliveries);
        world.CheckCpu(Cpu);
        if (!World.InSvm(Cpu) || world.Uv.FindSvm(Cpu.State->Spr[SprNumber.LPIDR]) is null)
            return;
        if (Cpu.State->Spr[SprNumber.LPIDR] == world.Guests[VictimIndex].Lpid)
            isOver = true;
    }

    public override void Check()
    {
        world.CheckGuards();
        world.CheckSecrets();
        Consistency.Check(world.Uv, World.SecureBase, world.SecureSize);
    }

    public override void Dispose() => world.Dispose();

    public override string ToString() => $"seed {seed}";

    private void CheckStop(Place place, bool hypervisorRan)
    {
        if (Cpu.StopReason is not { } reason)
            return;

        // The hypervisor may turn machine checks off or ask for attn, whoever ran before it. An interrupt and the first instruction behind it are one step, so it may
        // have run in a guest's part, too.
        bool itsOwn = hypervisorRan
            && (reason.StartsWith("checkstop: machine check with MSR[ME]=0", StringComparison.Ordinal) || reason.StartsWith("attn", StringComparison.Ordinal));
        if (!itsOwn)
            throw new BrokenPropertyException("stop", $"{place.Name}: {reason}");
        world.PowerOn(Cpu);
    }

    // The context, registers and code of an operation.
    private void Prepare(Place place, FuzzRandom random, Story story)
    {
        CpuState* s = Cpu.State;
        World.ToHypervisor(Cpu);
        if (Cpu.Stopped)
            Cpu.Deliver(Vector.SystemReset, World.HypervisorCode, 0);
        foreach (int spr in new[] { SprNumber.HRMOR, SprNumber.PSSCR, SprNumber.AMR, SprNumber.IAMR })
            Write(spr, 0);
        ChooseTranslation(place, random, story);
        ulong kind = isHash ? random.Next() & (Lpcr.VPM | Lpcr.TC | Lpcr.ISL | Lpcr.UPRT) : place.IsSvm && random.OneIn(8) ? 0 : Lpcr.HR | Lpcr.UPRT;
        Write(SprNumber.LPCR, kind | Lpcr.ILE | (random.Next() & (Lpcr.AIL | Lpcr.LPES | Lpcr.HDICE | Lpcr.HVICE | Lpcr.EVIRT | Lpcr.LD | Lpcr.MER)));
        Write(SprNumber.HFSCR, random.OneIn(4) ? random.Next() : ulong.MaxValue >> 8);
        Write(SprNumber.HID, random.OneIn(8) ? 0 : Hid0.HILE);
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = Address(random);
        if (random.OneIn(8))
            s->Gpr[3] = 0xF100 + (4 * (ulong)random.Below(24));
        SprRow[] rows = place.IsHypervisor ? HypervisorSprs : GuestSprs;
        for (int n = random.Below(8); n > 0; n--)
            Write(random.PickOf(rows).Number, random.OneIn(2) ? Address(random) : random.Next());
        Write(SprNumber.DEC, (ulong)random.Below(200));
        Write(SprNumber.HDEC, (ulong)random.Below(400));
        if (random.OneIn(4))
            Cpu.SetPending((PendingInterrupt)(1 << random.Below(7)), random.OneIn(2));
        Write(SprNumber.LPIDR, place.Lpid);
        Write(SprNumber.PIDR, place.Lpid + 4);
        s->Nia = place.Code;
        Cpu.SetMsr(place.Msr | (random.Next() & Free & ~(Msr.SE | Msr.BE)) | (random.OneIn(8) ? random.Next() & (Msr.SE | Msr.BE) : 0));
        PutCode(place, random, story);
        if (random.OneIn(8))
            s->Nia += 0xE00;
    }

    // The hypervisor gives guest 3 a hashed page table, or its radix tree again.
    private void ChooseTranslation(Place place, FuzzRandom random, Story story)
    {
        bool wanted = !place.IsSvm && random.OneIn(3);
        if (wanted)
            HashArea.Load(Cpu, place.IsHypervisor);
        for (int n = random.OneIn(4) ? random.Below(4) : 0; n > 0; n--)
            HashArea.LoadAny(Cpu, random);
        if (wanted == isHash)
            return;
        isHash = wanted;
        story.Add(wanted ? ", hash" : ", radix");
        if (wanted)
            world.Call(Cpu, UltraCall.UV_WRITE_PATE, 3, HashArea.Pate, 0);
        else
            tables.WriteSoundEntry(3);
    }

    // Words at the place's code, as far as memory is there. Vectors of the hypervisor get some, too.
    private void PutCode(Place place, FuzzRandom random, Story story)
    {
        bool little = (Cpu.State->Msr & Msr.LE) != 0;
        ulong page = place.IsHypervisor ? World.HypervisorCode : place.IsSvm ? tables.SvmFrame(Guest.CodeFrame) + 0x100 : World.PageOf(3, World.GuestCode);
        if (random.OneIn(8))
            page = 0x20 * (ulong)random.Below(0x100);
        if (page == 0)
            return;
        byte* code = world.Memory.Pointer(page, 128);
        for (int n = 0; n < 32; n++)
        {
            uint word = RandomCode.Word(random);
            ((uint*)code)[n] = little ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
        }

        world.Memory.InvalidateCode(page, 128);
        story.Add($", code at 0x{page:x}");
    }

    private void Write(int spr, ulong value)
    {
        if (SprTable.Find(spr)!.Special)
            Cpu.WriteSpecialSpr(spr, value);
        else
            Cpu.State->Spr[spr] = value;
    }

    /// <summary>Addresses as each level names memory: real, with the bit that bypasses HRMOR, quadrants, devices, near the end of a page.</summary>
    public static ulong Address(FuzzRandom random) => random.Below(8) switch
    {
        0 => KernelBase | Values.Address(random),
        1 => (1UL << 63) | Values.Address(random),
        2 => ((ulong)random.Below(4) << 62) | (Values.Address(random) & 0x000FFFFFFFFFFFFF),
        3 => Device + (ulong)random.Below(0x10000),
        4 => ((ulong)random.Below(128) * World.Frame) + 0x1000 - (ulong)random.Below(16),
        5 => World.SecureBase + (ulong)random.Below((int)World.LargestSecureSize),
        _ => Values.Address(random),
    };

    private sealed class Echo : IMmioDevice
    {
        public ulong Read(ulong offset, int size) => offset;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }
}
