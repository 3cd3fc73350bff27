using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Ultracalls of the hypervisor, each held against what the interface promises (firmware's order of checks).</summary>
internal sealed unsafe partial class World
{
    /// <summary>Makes any ultracall from wherever the CPU is. R3 afterwards.</summary>
    public static long Raw(Cpu cpu, ulong number, ulong nia, params ulong[] arguments)
    {
        CpuState* s = cpu.State;
        s->Gpr[3] = number;
        for (int n = 0; n < arguments.Length; n++)
            s->Gpr[4 + n] = arguments[n];
        cpu.Deliver(Vector.SystemCall, nia, 0, level: 2);
        return (long)s->Gpr[3];
    }

    /// <summary>Makes a call of the hypervisor that is answered at once, and checks the answer.</summary>
    public long Call(Cpu cpu, UltraCall call, params ulong[] arguments)
    {
        ToHypervisor(cpu);
        (long[] allowed, PageState? next) = Expect(call, arguments);
        long code = Raw(cpu, (ulong)call, HypervisorCode, arguments);
        if (!allowed.Contains(code))
            throw new BrokenPropertyException("code", $"{Text(call, arguments)} gave {UReturn.Text(code)}, expected {string.Join(" or ", allowed.Select(UReturn.Text))}");
        if (cpu.State->Nia != HypervisorCode || cpu.State->Msr != HypervisorMsr)
            throw new BrokenPropertyException("return", $"{Text(call, arguments)} left the CPU at 0x{cpu.State->Nia:x}, MSR 0x{cpu.State->Msr:x}");
        if (next is { } state && (code == allowed[0]) && StateOf(arguments[0], arguments[call == UltraCall.UV_PAGE_INVAL ? 1 : 2]) is { } now && now != state)
            throw new BrokenPropertyException("state", $"{Text(call, arguments)} gave {UReturn.Text(code)} and left the frame {now}, expected {state}");
        if (code == UReturn.U_SUCCESS)
            Note(call, arguments);
        return code;
    }

    public static string Text(UltraCall call, ulong[] arguments) => $"{call}({string.Join(", ", arguments.Select(a => $"0x{a:x}"))})";

    private PageState? StateOf(ulong lpid, ulong gpa)
    {
        if (Uv.FindSvm(lpid) is not { } svm)
            return null;
        ref GuestFrame frame = ref svm.Frame(gpa);
        return Unsafe.IsNullRef(ref frame) ? null : frame.State;
    }

    // The first allowed code is the one that belongs to the next state; U_RETRY stands for secure memory that is full.
    private (long[] Allowed, PageState? Next) Expect(UltraCall call, ulong[] a) => call switch
    {
        UltraCall.UV_WRITE_PATE => ([a[0] < PartitionTable.Count ? 0 : UReturn.U_PARAMETER], null),
        UltraCall.UV_RESTRICTED_SPR_WRITE => ([a[0] is 0xB4 or 0xBC or 0xBB or 0x352 or 0x31F ? 0 : UReturn.U_PARAMETER], null),
        UltraCall.UV_RESTRICTED_SPR_READ => ([a[0] is 0xB4 or 0xBC or 0xBB ? 0 : UReturn.U_PARAMETER], null),

        // No bus: no such register.
        UltraCall.UV_READ_SCOM or UltraCall.UV_WRITE_SCOM => ([UReturn.U_PARAMETER], null),
        UltraCall.UV_REGISTER_MEM_SLOT => (Register(a), null),
        UltraCall.UV_UNREGISTER_MEM_SLOT => ([Uv.FindSvm(a[0])?.Slots.Any(slot => slot.Id == a[1]) == true ? 0 : UReturn.U_PARAMETER], null),
        UltraCall.UV_PAGE_IN => PageIn(a),
        UltraCall.UV_PAGE_OUT => PageOut(a),
        UltraCall.UV_PAGE_INVAL => PageInval(a),
        UltraCall.UV_SVM_TERMINATE => ([0], null),

        // Calls of guests.
        _ => ([UReturn.U_PERMISSION], null),
    };

    private long[] Register(ulong[] a)
    {
        const ulong Limit = 1UL << 52;
        (ulong gpa, ulong size) = (a[1], a[2]);
        if (a[3] != 0)
            return [UReturn.U_P4];
        bool sound = Uv.FindSvm(a[0]) is { } svm && a[4] <= 0xFFFF && gpa % Frame == 0 && size % Frame == 0 && size != 0 && gpa < Limit && size <= Limit - gpa
            && !svm.Slots.Any(slot => slot.Id == a[4] || (gpa < slot.Gpa + slot.Size && slot.Gpa < gpa + size));
        if (!sound)
            return [UReturn.U_PARAMETER];

        // Whether it fits is the allocator's business; well below what is free it must.
        ulong free = Uv.Heap.Unallocated - Math.Min(Uv.Heap.Unallocated, Uv.Heap.Promised);
        return size + (4 << 20) < free ? [0] : [0, UReturn.U_PARAMETER];
    }

    private (long[] Allowed, PageState? Next) PageIn(ulong[] a)
    {
        (ulong lpid, ulong source, ulong gpa) = (a[0], a[1], a[2]);
        if (a[4] != 16)
            return ([UReturn.U_P5], null);
        if (!IsNormalPage(source))
            return ([UReturn.U_P2], null);
        if (Uv.FindSvm(lpid) is not { } svm)
            return ([UReturn.U_PARAMETER], null);
        if (svm.State is SvmState.Aborting or SvmState.Dead)
            return ([UReturn.U_STATE], null);
        if (!IsFrame(lpid, gpa))
            return ([UReturn.U_P3], null);
        PageState before = svm.Frame(gpa).State;
        bool genuine = before == PageState.PAGEDOUT && CiphertextOf(lpid, gpa) is { } only && Page(source).SequenceEqual(only);
        (long code, PageState next) = Contract.PageIn(before, svm.State == SvmState.Starting, genuine);
        return (IsFull ? [code, UReturn.U_RETRY] : [code], next);
    }

    private (long[] Allowed, PageState? Next) PageOut(ulong[] a)
    {
        (ulong lpid, ulong target, ulong gpa) = (a[0], a[1], a[2]);
        if (a[4] != 16)
            return ([UReturn.U_P5], null);
        if (!IsNormalPage(target))
            return ([UReturn.U_P2], null);
        if (Uv.FindSvm(lpid) is not { } svm)
            return ([UReturn.U_PARAMETER], null);
        if (!IsFrame(lpid, gpa))
            return ([UReturn.U_P3], null);
        (long code, PageState next) = Contract.PageOut(svm.Frame(gpa).State, svm.State);
        return (IsFull ? [code, UReturn.U_RETRY] : [code], next);
    }

    private (long[] Allowed, PageState? Next) PageInval(ulong[] a)
    {
        (ulong lpid, ulong gpa) = (a[0], a[1]);
        if (a[2] != 16)
            return ([UReturn.U_P3], null);
        if (Uv.FindSvm(lpid) is not { } svm)
            return ([UReturn.U_PARAMETER], null);
        if (svm.State == SvmState.Aborting)
            return ([UReturn.U_STATE], null);
        if (!IsFrame(lpid, gpa))
            return ([UReturn.U_P3], null);
        (long code, PageState next) = Contract.PageInval(svm.Frame(gpa).State);
        return ([code], next);
    }

    private static bool IsNormalPage(ulong real) => real != 0 && real % Frame == 0 && real < NormalSize;

    private bool IsFrame(ulong lpid, ulong gpa) => gpa % Frame == 0 && StateOf(lpid, gpa) is not null;

    private bool IsFull => Uv.Heap.Unallocated < 4 * Frame;

    private byte[]? CiphertextOf(ulong lpid, ulong gpa) =>
        GuestOf(lpid) is { } guest && gpa < Guest.Size ? guest.Frames[gpa / Frame].Ciphertext : Foreign.GetValueOrDefault((lpid, gpa));

    /// <summary>Ciphertext of frames that no guest uses: of slots that the hypervisor made up.</summary>
    private Dictionary<(ulong Lpid, ulong Gpa), byte[]> Foreign { get; } = [];

    // What a call that succeeded means for the guests.
    private void Note(UltraCall call, ulong[] a)
    {
        switch (call)
        {
            case UltraCall.UV_PAGE_OUT when Uv.FindSvm(a[0])!.State != SvmState.Aborting:
                byte[] ciphertext = Page(a[1]).ToArray();
                if (GuestOf(a[0]) is { } owner && a[2] < Guest.Size)
                    owner.Frames[a[2] / Frame].Ciphertext = ciphertext;
                else
                    Foreign[(a[0], a[2])] = ciphertext;
                break;
            case UltraCall.UV_PAGE_IN when GuestOf(a[0]) is { } sharer && a[2] < Guest.Size && sharer.Frames[a[2] / Frame].ZeroDue:
                sharer.Frames[a[2] / Frame].ZeroDue = false;
                if (StateOf(a[0], a[2]) == PageState.SHARED)
                    ExpectZero(sharer, (int)(a[2] / Frame));
                break;
            case UltraCall.UV_UNREGISTER_MEM_SLOT when GuestOf(a[0]) is { } guest:
                // What was in the slot is lost, whatever is registered in its place.
                for (int frame = 0; frame < Guest.FrameCount; frame++)
                {
                    if (StateOf(guest.Lpid, (ulong)frame * Frame) is null)
                        guest.Frames[frame] = new Content { UnderWay = guest.Frames[frame].UnderWay, Contended = guest.Frames[frame].UnderWay > 0, Expected = guest.Frames[frame].UnderWay > 0 ? Expected.Anything : Expected.Zero };
                }

                break;
            case UltraCall.UV_SVM_TERMINATE when GuestOf(a[0]) is { } ended:
                ended.Forget();
                exits.RemoveAll(exit => exit.Guest == ended);

                // CPUs that ran it are in the hypervisor now.
                foreach (Cpu cpu in Cpus)
                {
                    CheckCpu(cpu);
                    if (InHypervisor(cpu))
                        ToHypervisor(cpu);
                }

                break;
        }
    }
}
