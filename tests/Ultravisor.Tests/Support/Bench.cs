using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Tests.Shared;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Tests.Support;

/// <summary>
/// A CPU, memory, the ultravisor, and a stand-in for KVM that plays its part at the interrupt vectors: reads GPRs, makes ultracalls and
/// returns with UV_RETURN, as book3s_hv_uvmem.c and book3s_64_entry.S of Linux 6.1 do. No kernel runs. RAM is in pieces of 64 KiB.
/// </summary>
internal sealed unsafe class Bench : IDisposable
{
    public const ulong Frame = 0x10000;
    public const ulong Lpid = 1;
    public const ulong GuestSize = 64 * Frame;
    public const ulong SecureBase = 1UL << 48;
    public const ulong KernelBase = 4 * Frame;
    public const ulong TreeAddress = (2 * Frame) + 0x1000;

    /// <summary>Where the stand-in has its code: ultracalls return here.</summary>
    public const ulong HypervisorCode = 0x9000;

    /// <summary>First of the guest's pages in normal memory; frame n of the guest is page n.</summary>
    public const ulong GuestPages = 16 * Frame;

    /// <summary>Free page of the hypervisor.</summary>
    public const ulong SparePage = 8 * Frame;

    private const ulong NormalSize = 16 << 20;
    private const ulong HypervisorMsr = Msr.SF | Msr.HV | Msr.ME;

    private readonly SegmentedRam ram = new();

    public Bench(UltravisorOptions? options = null, ulong secureSize = 8 << 20)
    {
        ram.Add(Memory, 0, NormalSize, secure: false).Add(Memory, SecureBase, secureSize, secure: true);
        Cpu = new Cpu(Memory, 0);
        Uv = new UltravisorModel(Memory, options);
        Uv.Events.Add(Log);
        Uv.Attach(Cpu);
        S->Spr[SprNumber.LPIDR] = Lpid;
        S->Spr[SprNumber.HID] |= Hid0.HILE;
    }

    public PhysicalMemory Memory { get; } = new();

    public Cpu Cpu { get; }

    public UltravisorModel Uv { get; }

    public EventLog Log { get; } = new();

    public CpuState* S => Cpu.State;

    /// <summary>The SVM under test.</summary>
    public Svm Svm => Uv.FindSvm(Lpid)!;

    /// <summary>What the stand-in does with a reverse call or hypercall beyond its habits: returns a result, or null for the habit.</summary>
    public Func<HCall, ulong[], long?>? Hook { get; set; }

    /// <summary>Registers that the hypervisor saw at the last exit.</summary>
    public ulong[] SeenGpr { get; } = new ulong[32];

    /// <summary>Pages that the stand-in considers secure (device pages of uvmem).</summary>
    public HashSet<ulong> Device { get; } = [];

    /// <summary>Frames that have no page in the hypervisor: never touched.</summary>
    public HashSet<ulong> Holes { get; } = [];

    public static ulong PageOf(ulong gpa) => GuestPages + gpa;

    public ref GuestFrame FrameAt(ulong gpa) => ref Svm.Frame(gpa);

    public Span<byte> Bytes(ulong real, ulong length) => new(Memory.Pointer(real, length), (int)length);

    /// <summary>An ultracall of the hypervisor.</summary>
    public long HvCall(UltraCall call, params ulong[] arguments)
    {
        Cpu.SetMsr(HypervisorMsr);
        return Call((ulong)call, HypervisorCode, arguments);
    }

    /// <summary>An ultracall of whoever runs now; the caller's registers otherwise stay.</summary>
    public long Call(ulong number, ulong nia, params ulong[] arguments)
    {
        S->Gpr[3] = number;
        for (int n = 0; n < arguments.Length; n++)
            S->Gpr[4 + n] = arguments[n];
        Cpu.Deliver(Vector.SystemCall, nia, 0, level: 2);
        return (long)S->Gpr[3];
    }

    /// <summary>Makes an SVM by UV_ESM and its whole sequence.</summary>
    public Bench GoSecure(Action<FdtTree>? change = null)
    {
        StartGuest(change);
        Call((ulong)UltraCall.UV_ESM, 0x5000, KernelBase, TreeAddress);
        Serve();
        return this;
    }

    /// <summary>An SVM that the hypervisor made up to before INIT_DONE: one slot, no page given.</summary>
    public Bench Starting()
    {
        Uv.CreateSvm(Lpid);
        if (HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Lpid, 0, GuestSize, 0, 0) != 0)
            throw new InvalidOperationException("slot not registered");
        Log.Clear();
        return this;
    }

    /// <summary>A running SVM without the work of UV_ESM; all frames secure and empty.</summary>
    public Bench Running()
    {
        Starting();
        for (ulong gpa = 0; gpa < GuestSize; gpa += Frame)
            Device.Add(gpa);
        Uv.MakeSecure(Svm);
        EnterGuest();
        Log.Clear();
        return this;
    }

    /// <summary>Puts the CPU into the SVM's kernel, as if it had been running.</summary>
    public void EnterGuest(ulong nia = 0x4000, ulong more = Msr.EE | Msr.LE)
    {
        S->Spr[SprNumber.LPIDR] = Lpid;
        S->Nia = nia;
        Cpu.SetMsr(Msr.SF | Msr.S | Msr.ME | more);
    }

    /// <summary>An ultracall of the SVM's kernel, served to its end. Returns R3.</summary>
    public long GuestCall(UltraCall call, params ulong[] arguments)
    {
        if ((S->Msr & (Msr.S | Msr.HV)) != Msr.S)
            EnterGuest();
        Call((ulong)call, 0x4004, arguments);
        Serve();
        return (long)S->Gpr[3];
    }

    /// <summary>A hypercall of the SVM, up to the hypervisor or its answer.</summary>
    public void Hypercall(HCall call, ulong nia, params ulong[] arguments)
    {
        S->Gpr[3] = (ulong)call;
        for (int n = 0; n < arguments.Length; n++)
            S->Gpr[4 + n] = arguments[n];
        Cpu.Deliver(Vector.SystemCall, nia, 0, level: 1);
    }

    /// <summary>Serves hypercalls as KVM would until the guest runs.</summary>
    public void Serve()
    {
        for (int round = 0; InHypervisor; round++)
        {
            if (round > 100_000)
                throw new InvalidOperationException("the guest does not come back");
            if (S->Nia != (ulong)Vector.SystemCall)
                throw new InvalidOperationException($"unexpected interrupt 0x{S->Nia:x}");
            ServeOne();
        }
    }

    public bool InHypervisor => (S->Msr & (Msr.S | Msr.HV)) == Msr.HV;

    /// <summary>Serves the hypercall that the hypervisor was entered with.</summary>
    public void ServeOne()
    {
        TakeExit();
        var call = (HCall)SeenGpr[3];
        ulong[] arguments = SeenGpr[4..13];
        long result = Hook?.Invoke(call, arguments) ?? Habit(call, arguments);
        if (call == HCall.H_SVM_INIT_ABORT)
            ReturnNormally(result);
        else
            ReturnSecure(result);
    }

    /// <summary>Notes what the hypervisor sees at an exit (book3s_64_entry.S saves it in the vcpu).</summary>
    public void TakeExit()
    {
        for (int n = 0; n < 32; n++)
            SeenGpr[n] = S->Gpr[n];
        bool hypervisorClass = S->Nia is >= 0xE00 and < 0xF00 or 0x980 or 0xF80 or 0x500;
        GuestAddress = S->Spr[hypervisorClass ? SprNumber.HSRR0 : SprNumber.SRR0];
        GuestMsr = S->Spr[hypervisorClass ? SprNumber.HSRR1 : SprNumber.SRR1] & ~0x783F0000UL;
    }

    /// <summary>The guest's address and MSR as the hypervisor holds them.</summary>
    public ulong GuestAddress { get; set; }

    public ulong GuestMsr { get; set; }

    /// <summary>UV_RETURN as kvmppc_p9_enter_guest makes it.</summary>
    public void ReturnSecure(long result, ulong? guestSrr1 = null)
    {
        Cpu.SetMsr(HypervisorMsr | Msr.LE);
        S->Spr[SprNumber.LPIDR] = Lpid;
        for (int n = 4; n < 32; n++)
            S->Gpr[n] = SeenGpr[n];
        S->Gpr[1] = SeenGpr[1];
        S->Gpr[0] = (ulong)result;
        S->Gpr[2] = guestSrr1 ?? GuestMsr;
        S->Gpr[3] = (ulong)UltraCall.UV_RETURN;
        S->Spr[SprNumber.HSRR0] = GuestAddress;
        S->Spr[SprNumber.HSRR1] = (GuestMsr & ~Msr.HV) | Msr.ME;
        Cpu.Deliver(Vector.SystemCall, HypervisorCode, 0, level: 2);
    }

    /// <summary>Reads guest memory as the SVM sees it, through the CPU's own table walk.</summary>
    public ReadOnlySpan<byte> GuestBytes(ulong gpa, int length)
    {
        ulong msr = S->Msr;
        ulong lpid = S->Spr[SprNumber.LPIDR];
        S->Spr[SprNumber.LPIDR] = Lpid;
        Cpu.SetMsr(Msr.SF | Msr.S | Msr.ME);
        Cpu.Translate(gpa, AccessKind.Load, out Translation translation);
        S->Spr[SprNumber.LPIDR] = lpid;
        Cpu.SetMsr(msr);
        return translation.Fault == TranslationFault.None ? Bytes(translation.Real, (ulong)length) : [];
    }

    /// <summary>Whether normal memory holds a text anywhere.</summary>
    public bool NormalMemoryContains(ReadOnlySpan<byte> marker)
    {
        byte[] all = new byte[NormalSize];
        return Memory.CopyOut(0, all) ? all.AsSpan().IndexOf(marker) >= 0 : throw new InvalidOperationException("normal memory has holes");
    }

    /// <summary>Writes the guest's device tree into its pages.</summary>
    public FdtTree WriteTree(Action<FdtTree>? change = null)
    {
        var tree = new FdtTree();
        tree.Reservations.Add(new FdtReservation(TreeAddress, Frame));
        tree.Root.SetCells("#address-cells", 2).SetCells("#size-cells", 2);
        tree.Root.AddNode("memory@0").SetText("device_type", "memory").SetTwoCells("reg", 0, GuestSize);
        tree.Root.AddNode("chosen").SetText("bootargs", "svm=on");
        tree.Root.AddNode("rtas").SetCells("rtas-size", 20).SetCells("linux,rtas-base", 0x30000)
            .SetCells("ibm,os-term", 0x201F).SetCells("start-cpu", 0x2004).SetCells("stop-self", 0x2005)
            .SetCells("ibm,get-system-parameter", 0x200F).SetCells("power-off", 0x2001);
        change?.Invoke(tree);
        byte[] blob = FdtWriter.Write(tree);

        // Linux leaves room behind the tree; the header's size includes it.
        byte[] roomy = new byte[blob.Length + 0x400];
        blob.CopyTo(roomy, 0);
        BinaryPrimitives.WriteUInt32BigEndian(roomy.AsSpan(4), (uint)roomy.Length);
        roomy.CopyTo(Bytes(PageOf(TreeAddress), (ulong)roomy.Length));
        return tree;
    }

    /// <summary>Puts the CPU into the normal guest, about to call UV_ESM.</summary>
    public void StartGuest(Action<FdtTree>? change = null)
    {
        WriteTree(change);
        S->Spr[SprNumber.LPIDR] = Lpid;
        Cpu.SetMsr(Msr.SF | Msr.ME | Msr.LE);
    }

    public void Dispose()
    {
        Uv.Dispose();
        Cpu.Dispose();
        Memory.Dispose();
        bool whole = ram.GapsAreWhole();
        ram.Dispose();
        if (!whole)
            throw new InvalidOperationException("something wrote beyond a range of RAM");
    }

    private long Habit(HCall call, ulong[] arguments)
    {
        // Ultracalls clobber the CPU's registers; KVM has saved the guest's.
        switch (call)
        {
            case HCall.H_SVM_INIT_START:
                return HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Lpid, 0, GuestSize, 0, 0) < 0 ? UReturn.U_PARAMETER : 0;
            case HCall.H_SVM_PAGE_IN:
                return PageIn(arguments[0], arguments[1], arguments[2]);
            case HCall.H_SVM_INIT_ABORT:
                foreach (ulong gpa in Device)
                    HvCall(UltraCall.UV_PAGE_OUT, Lpid, PageOf(gpa), gpa, 0, 16);
                Device.Clear();
                HvCall(UltraCall.UV_SVM_TERMINATE, Lpid);
                return UReturn.U_PARAMETER;
            default:
                return 0;
        }
    }

    // kvmppc_h_svm_page_in and kvmppc_share_page.
    private long PageIn(ulong gpa, ulong flags, ulong order)
    {
        if (order != 16)
            return UReturn.U_P3;
        if ((flags & ~1UL) != 0)
            return UReturn.U_P2;
        if (gpa >= GuestSize)
            return UReturn.U_PARAMETER;
        if ((flags & 1) != 0)
        {
            Holes.Remove(gpa);
            Device.Remove(gpa);
            return HvCall(UltraCall.UV_PAGE_IN, Lpid, PageOf(gpa), gpa, 0, 16) == 0 ? 0 : UReturn.U_PARAMETER;
        }

        if (!Device.Add(gpa))
            return UReturn.U_PARAMETER;
        if (Svm.State == SvmState.Secure)
            HvCall(UltraCall.UV_PAGE_INVAL, Lpid, gpa, 16);
        if (Holes.Contains(gpa) || HvCall(UltraCall.UV_PAGE_IN, Lpid, PageOf(gpa), gpa, 0, 16) == 0)
            return 0;
        Device.Remove(gpa);
        return UReturn.U_PARAMETER;
    }

    // hrfid into the guest that is a normal one again.
    private void ReturnNormally(long result)
    {
        for (int n = 0; n < 32; n++)
            S->Gpr[n] = SeenGpr[n];
        S->Gpr[3] = (ulong)result;
        S->Nia = GuestAddress;
        Cpu.SetMsr(GuestMsr & ~Msr.HV);
    }
}
