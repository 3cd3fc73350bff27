using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Tests.Contracts;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>
/// A small machine with an ultravisor, three guests and a hypervisor that is the attacker. Split by concern: what the hypervisor calls (Calls), guest
/// CPUs that come and go (Exits), what guests do (Guests).
/// </summary>
internal sealed unsafe partial class World : IDisposable
{
    public const ulong Frame = SecureHeap.FrameSize;
    public const ulong NormalSize = 8 << 20;
    public const ulong SecureBase = 1UL << 48;

    /// <summary>Enough for all guests and some slots more.</summary>
    public const ulong LargestSecureSize = 10 << 20;

    public const int GuestCount = 3;

    /// <summary>Where the hypervisor's code is: its ultracalls return here.</summary>
    public const ulong HypervisorCode = 0x9000;

    public const ulong HypervisorMsr = Msr.SF | Msr.HV | Msr.ME | Msr.LE | Msr.RI;

    private const int CpuCount = 3;

    // Pages of the hypervisor's own, before those behind the guests.
    private const int OwnPages = 32;

    private const byte Stale = 0x77;

    private readonly GuardedRam normal;
    private readonly GuardedRam secure;

    public World(ulong seed, bool overcommit = false, ulong secureSize = LargestSecureSize)
    {
        SecureSize = secureSize;
        bool pieces = new FuzzRandom(seed).OneIn(2);
        normal = new GuardedRam(Memory, 0, NormalSize, secure: false, pieces);
        secure = new GuardedRam(Memory, SecureBase, SecureSize, secure: true, pieces);
        Uv = new UltravisorModel(Memory, new UltravisorOptions { Seed = seed, Overcommit = overcommit });
        Uv.Events.Add(new AnswerWatch());
        var group = new CpuGroup();
        Cpus = [.. Enumerable.Range(0, CpuCount).Select(n => new Cpu(Memory, (uint)n, group))];
        foreach (Cpu cpu in Cpus)
        {
            Uv.Attach(cpu);
            PowerOn(cpu);
        }

        // What the hypervisor left in its pages must not reach a guest that shares one.
        for (ulong page = OwnPages * Frame; page < NormalSize; page += Frame)
            normal.Page(page).Fill(Stale);
        Guests = [.. Enumerable.Range(1, GuestCount).Select(n => new Guest((ulong)n))];
    }

    public PhysicalMemory Memory { get; } = new();

    public ulong SecureSize { get; }

    public IReadOnlyList<Cpu> Cpus { get; }

    public UltravisorModel Uv { get; }

    public IReadOnlyList<Guest> Guests { get; }

    public static bool InHypervisor(Cpu cpu) => (cpu.State->Msr & (Msr.S | Msr.HV)) == Msr.HV;

    public static bool InSvm(Cpu cpu) => (cpu.State->Msr & (Msr.S | Msr.HV)) == Msr.S;

    /// <summary>The hypervisor's page behind a frame of a guest.</summary>
    public static ulong PageOf(ulong lpid, ulong gpa) => ((OwnPages + ((lpid - 1) * 32)) * Frame) + gpa;

    public static ulong OwnPage(FuzzRandom random) => (ulong)(1 + random.Below(OwnPages - 1)) * Frame;

    public Guest? GuestOf(ulong lpid) => lpid is >= 1 and <= GuestCount ? Guests[(int)lpid - 1] : null;

    public Span<byte> Page(ulong real) => real >= SecureBase ? secure.Page(real) : normal.Page(real);

    /// <summary>A CPU as the firmware hands it to the hypervisor, after whatever stopped it.</summary>
    public void PowerOn(Cpu cpu)
    {
        cpu.Reset();
        CpuState* s = cpu.State;
        s->Spr[SprNumber.SMFCTRL] = SmfCtrl.E | SmfCtrl.WakeUp;
        s->Spr[SprNumber.PTCR] = Uv.PartitionTable.Ptcr;
        s->Spr[SprNumber.LPCR] = Lpcr.UPRT | Lpcr.HR;
        s->Spr[SprNumber.HID] = Hid0.HILE;
        s->Spr[SprNumber.HFSCR] = ulong.MaxValue >> 8;
        ToHypervisor(cpu);
    }

    /// <summary>The CPU is in the hypervisor's own code.</summary>
    public static void ToHypervisor(Cpu cpu)
    {
        cpu.State->Nia = HypervisorCode;
        cpu.SetMsr(HypervisorMsr);
    }

    /// <summary>Writes a guest's device tree into the pages behind it.</summary>
    public void WriteTree(Guest guest, Action<FdtTree>? change = null, FuzzRandom? damage = null)
    {
        var tree = new FdtTree();
        tree.Reservations.Add(new FdtReservation(Guest.TreeAddress, Frame));
        tree.Root.SetCells("#address-cells", 2).SetCells("#size-cells", 2);
        tree.Root.AddNode("memory@0").SetText("device_type", "memory").SetTwoCells("reg", 0, Guest.Size);
        tree.Root.AddNode("chosen").SetText("bootargs", "svm=on");
        tree.Root.AddNode("rtas").SetCells("rtas-size", 20);
        foreach ((string name, uint token) in RtasTokens.All)
            tree.Root.FindNode("rtas")!.SetCells(name, token);
        change?.Invoke(tree);
        byte[] blob = FdtWriter.Write(tree);
        var roomy = new byte[Math.Min(blob.Length + 0x400, (int)Frame)];
        blob.AsSpan(0, Math.Min(blob.Length, roomy.Length)).CopyTo(roomy);
        BinaryPrimitives.WriteUInt32BigEndian(roomy.AsSpan(4), (uint)roomy.Length);
        if (damage is not null)
            Damage.Bytes(damage, roomy.AsSpan(0, blob.Length));
        ulong start = Guest.TreeAddress % Frame;
        roomy.AsSpan(0, Math.Min(roomy.Length, (int)(Frame - start))).CopyTo(Page(PageOf(guest.Lpid, Guest.TreeAddress - start))[(int)start..]);
    }

    /// <summary>Host address of what a guest CPU sees at a guest real address, by the CPU's own walk; null if it takes an interrupt there.</summary>
    public byte* GuestPointer(Cpu cpu, ulong gpa, AccessKind kind, out ulong real)
    {
        real = 0;
        ulong msr = cpu.State->Msr;
        cpu.SetMsr(msr & ~(Msr.IR | Msr.DR | Msr.PR));
        cpu.Translate(gpa, kind, out Translation translation);
        cpu.SetMsr(msr);
        if (translation.Fault != TranslationFault.None)
            return null;
        real = translation.Real;
        return Memory.Pointer(real, 8);
    }

    public void CheckGuards()
    {
        normal.Check();
        secure.Check();
    }

    public void Dispose()
    {
        Uv.Dispose();
        foreach (Cpu cpu in Cpus)
            cpu.Dispose();
        Memory.Dispose();
        normal.Dispose();
        secure.Dispose();
    }
}
