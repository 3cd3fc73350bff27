using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Contracts;

/// <summary>
/// A small machine on which calls are tried to see what they do: the ultravisor itself, one SVM, and a stand-in for the hypervisor. So what is told about page states
/// is what the code does.
/// </summary>
public sealed unsafe class Laboratory : IUltravisorEvents, IDisposable
{
    private const ulong Lpid = 1;
    private const ulong Size = 16 * SecureHeap.FrameSize;
    private const ulong SecureBase = 1UL << 48;
    private const ulong SecureSize = 8 << 20;
    private const ulong Gpa = 2 * SecureHeap.FrameSize;

    // A page of the hypervisor, and where its code and the guest's would be.
    private const ulong Page = 4 * SecureHeap.FrameSize;
    private const ulong Code = 0x9000;
    private const ulong HypervisorMsr = Msr.SF | Msr.HV | Msr.ME;
    private const ulong GuestMsr = Msr.SF | Msr.S | Msr.ME;

    private readonly PhysicalMemory memory = new();
    private readonly Cpu cpu;
    private readonly UltravisorModel model;
    private readonly List<PageState> path = [];
    private readonly List<string> within = [];
    private bool watching;

    private Laboratory(PageState state)
    {
        memory.AddRam(0, Size, secure: false);
        memory.AddRam(SecureBase, SecureSize, secure: true);
        cpu = new Cpu(memory, 0);
        model = new UltravisorModel(memory);
        model.Attach(cpu);
        S->Spr[SprNumber.LPIDR] = Lpid;
        Svm svm = model.CreateSvm(Lpid)!;
        HypervisorCall(UltraCall.UV_REGISTER_MEM_SLOT, Lpid, 0, Size, 0, 0);
        model.MakeSecure(svm);
        Put(svm, state);
        model.Events.Add(this);
    }

    private CpuState* S => cpu.State;

    /// <summary>Ultracalls about frames.</summary>
    public static IReadOnlyList<UltraCall> PageCalls { get; } =
    [
        UltraCall.UV_PAGE_IN,
        UltraCall.UV_PAGE_OUT,
        UltraCall.UV_PAGE_INVAL,
        UltraCall.UV_SHARE_PAGE,
        UltraCall.UV_UNSHARE_PAGE,
        UltraCall.UV_UNSHARE_ALL_PAGES,
    ];

    /// <summary>Tries a call of <see cref="PageCalls"/> on a frame in a state.</summary>
    public static Behaviour Try(UltraCall call, PageState before)
    {
        using var laboratory = new Laboratory(before);
        return laboratory.Try(call, before, UltravisorModel.HandlerOf(call)!);
    }

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        if (!watching)
            return;
        if (happened.Kind == UvEventKind.PageState && happened.Args[0] == Gpa)
            path.Add(happened.To);
        else if (happened.Kind == UvEventKind.ReverseCall)
            within.Add($"{(HCall)happened.Number} flags={happened.Args[1]}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        model.Dispose();
        cpu.Dispose();
        memory.Dispose();
    }

    private Behaviour Try(UltraCall call, PageState before, UltraCallHandler handler)
    {
        watching = true;
        ulong[] arguments = [.. handler.Arguments.Select(Argument)];
        if (handler.Caller == Caller.Hypervisor)
            return new Behaviour(call, before, HypervisorCall(call, arguments), path, within);
        cpu.SetMsr(GuestMsr);
        Call(call, arguments);
        while ((S->Msr & (Msr.S | Msr.HV)) == Msr.HV)
            ServePageIn();
        return new Behaviour(call, before, (long)S->Gpr[3], path, within);
    }

    private static ulong Argument(string name) => name switch
    {
        "lpid" => Lpid,
        "ra" => Page,
        "gpa" => Gpa,
        "gfn" => Gpa / SecureHeap.FrameSize,
        "count" => 1,
        "order" => PageCall.Order,
        _ => 0,
    };

    private void Put(Svm svm, PageState state)
    {
        ref GuestFrame frame = ref svm.Frame(Gpa);
        model.Pages.EnsureSecure(svm, Gpa, ref frame);
        if (state == PageState.PAGEDOUT)
        {
            HypervisorCall(UltraCall.UV_PAGE_OUT, Lpid, Page, Gpa, 0, PageCall.Order);
            return;
        }

        frame.State = state;

        // Pages whose content is the hypervisor's, if it has not taken it away.
        if (state is PageState.SHARED or PageState.SHARED_IMPLICIT or PageState.HV_SHARED or PageState.HV_UNSHARING or PageState.PSEUDO_SHARED)
            frame.Normal = Page;
        if (state == PageState.SHARED)
            svm.Tree.Map(Gpa, Page);
        else if (state != PageState.SECURE)
            svm.Tree.Unmap(Gpa);
    }

    // The part of kvmppc_h_svm_page_in that the ultravisor sees.
    private void ServePageIn()
    {
        ulong[] registers = [.. new ReadOnlySpan<ulong>(S->Gpr, 32)];
        (ulong address, ulong msr) = (S->Spr[SprNumber.SRR0], S->Spr[SprNumber.SRR1] & ~SaveRestore.CauseMask);
        (ulong gpa, ulong flags) = (registers[4], registers[5]);
        if ((flags & PageCall.Shared) == 0)
            HypervisorCall(UltraCall.UV_PAGE_INVAL, Lpid, gpa, PageCall.Order);
        long answer = HypervisorCall(UltraCall.UV_PAGE_IN, Lpid, Page, gpa, 0, PageCall.Order);

        registers.CopyTo(new Span<ulong>(S->Gpr, 32));
        S->Gpr[0] = (ulong)(answer == UReturn.U_SUCCESS ? UReturn.U_SUCCESS : UReturn.U_PARAMETER);
        S->Gpr[2] = msr;
        S->Spr[SprNumber.HSRR0] = address;
        S->Spr[SprNumber.HSRR1] = msr;
        Call(UltraCall.UV_RETURN, []);
    }

    private long HypervisorCall(UltraCall call, params ulong[] arguments)
    {
        cpu.SetMsr(HypervisorMsr);
        Call(call, arguments);
        return (long)S->Gpr[3];
    }

    private void Call(UltraCall call, ulong[] arguments)
    {
        S->Gpr[3] = (ulong)call;
        arguments.CopyTo(new Span<ulong>(S->Gpr + 4, arguments.Length));
        cpu.Deliver(Vector.SystemCall, Code, 0, level: 2);
    }
}
