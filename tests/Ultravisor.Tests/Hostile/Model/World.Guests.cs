using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>What guests do, and what they may expect of their memory.</summary>
internal sealed unsafe partial class World
{
    /// <summary>Where a guest's instructions are.</summary>
    public const ulong GuestCode = Guest.KernelBase + 0x100;

    /// <summary>MSR of an SVM's kernel.</summary>
    public const ulong GuestMsr = Msr.SF | Msr.ME | Msr.LE | Msr.RI | Msr.EE;

    // A guest writes its secret at these places of a frame: its mark, then frame and version.
    private static readonly int[] Places = [0, 0x4000, 0x8FF0, 0xFFF0];

    /// <summary>The guest that runs on a CPU, or null.</summary>
    public Guest? Running(Cpu cpu) => (cpu.State->Msr & Msr.HV) == 0 ? GuestOf(cpu.State->Spr[SprNumber.LPIDR]) : null;

    /// <summary>The hypervisor lets a normal guest run.</summary>
    public static void EnterNormalGuest(Cpu cpu, Guest guest, ulong more = 0)
    {
        ToHypervisor(cpu);
        cpu.WriteSpecialSpr(SprNumber.LPIDR, guest.Lpid);
        cpu.WriteSpecialSpr(SprNumber.PIDR, guest.Pid);
        cpu.State->Nia = GuestCode;
        cpu.SetMsr(GuestMsr | more);
    }

    /// <summary>The guest's CPU is in its kernel, with its secret in all registers.</summary>
    public static void Compose(Cpu cpu, Guest guest)
    {
        Registers.Plant(cpu.State, guest.Secret);
        cpu.State->Nia = GuestCode;
        cpu.SetMsr(GuestMsr | Msr.S);
    }

    /// <summary>An ultracall of a guest's kernel.</summary>
    public void GuestCall(Cpu cpu, Guest guest, GuestTask? task, ulong number, params ulong[] arguments)
    {
        if (task is not null)
            UnderWay(guest, task, 1);
        Raw(cpu, number, GuestCode + 4, arguments);
        AfterGuestWork(cpu, guest, task);
    }

    /// <summary>A hypercall of an SVM.</summary>
    public void Hypercall(Cpu cpu, Guest guest, HCall call, params ulong[] arguments)
    {
        CpuState* s = cpu.State;
        s->Gpr[3] = (ulong)call;
        for (int n = 0; n < arguments.Length; n++)
            s->Gpr[4 + n] = arguments[n];
        Registers image = Registers.Of(s);
        cpu.Deliver(Vector.SystemCall, GuestCode + 4, 0, level: 1);
        AfterGuestWork(cpu, guest, null, image);
    }

    /// <summary>An interrupt that takes an SVM out.</summary>
    public void Interrupt(Cpu cpu, Guest guest, Vector vector, Action? status = null, bool hidden = true)
    {
        Registers? image = hidden ? Registers.Of(cpu.State) : null;
        status?.Invoke();
        cpu.Deliver(vector, GuestCode, 0);
        Settle(cpu, guest, hidden: image);
    }

    /// <summary>The guest writes its secret into a frame that it believes to be its own.</summary>
    public void WriteSecret(Cpu cpu, Guest guest, int frame)
    {
        ref Content content = ref guest.Frames[frame];
        if (content.Expected == Expected.Shared || content.UnderWay > 0)
            return;
        byte* page = GuestPointer(cpu, (ulong)frame * Frame, AccessKind.Store, out ulong real);
        if (page == null)
            return;
        ExpectPrivate(guest, frame, real);
        content.Expected = Expected.Secret;
        content.Version++;
        if (guest.Frames[frame].Version == 1)
            new Span<byte>(page, (int)Frame).Clear();
        foreach (int place in Places)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(page + place, 8), guest.Secret);
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(page + place + 8, 8), Stamp(frame, content.Version));
        }
    }

    /// <summary>The guest reads a frame: what it wrote, or an interrupt; nothing else.</summary>
    public void ReadSecret(Cpu cpu, Guest guest, int frame)
    {
        byte* page = GuestPointer(cpu, (ulong)frame * Frame, AccessKind.Load, out ulong real);
        if (page == null)
            return;
        Content content = guest.Frames[frame];
        if (content.Expected == Expected.Shared || content.UnderWay > 0)
            return;
        ExpectPrivate(guest, frame, real);
        foreach (int place in Places)
        {
            ulong secret = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(page + place, 8));
            ulong stamp = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(page + place + 8, 8));
            (ulong expectedSecret, ulong expectedStamp) = content.Expected == Expected.Secret ? (guest.Secret, Stamp(frame, content.Version)) : (0, 0);
            if (content.Expected != Expected.Anything && (secret, stamp) != (expectedSecret, expectedStamp))
                throw new BrokenPropertyException("content", $"LPID {guest.Lpid} reads 0x{secret:x} 0x{stamp:x} in frame {frame}, expected {content.Expected}: 0x{expectedSecret:x} 0x{expectedStamp:x}");
        }
    }

    /// <summary>A frame that the guest can't reach without the hypervisor.</summary>
    public bool IsAbsent(Guest guest, int frame) =>
        StateOf(guest.Lpid, (ulong)frame * Frame) is null or PageState.PAGEDOUT or PageState.SHARED_INV or PageState.SHARED_IMPLICIT or PageState.SHARED_IMPLICIT_INV
            or PageState.HV_UNSHARING or PageState.HV_UNSHARING_INV;

    /// <summary>The number that a guest finds at the second doubleword of a frame.</summary>
    public static ulong Stamp(int frame, uint version) => ((ulong)(frame + 1) << 32) | version;

    private static bool IsGuestPlace(ulong nia) => nia - Guest.KernelBase < Frame;

    // What a guest finds in a page that it has just shared.
    private void ExpectZero(Guest guest, int frame)
    {
        ulong normalPage = Uv.FindSvm(guest.Lpid)!.Frame((ulong)frame * Frame).Normal;
        int at = Page(normalPage).IndexOfAnyExcept((byte)0);
        if (at >= 0)
            throw new BrokenPropertyException("content", $"LPID {guest.Lpid} shared frame {frame} and finds what the hypervisor left at 0x{normalPage + (ulong)at:x}");
    }

    // A frame that the guest has not shared must not be the hypervisor's.
    private static void ExpectPrivate(Guest guest, int frame, ulong real)
    {
        if (guest.IsSecure && guest.Frames[frame].Expected != Expected.Anything && real < SecureBase)
            throw new BrokenPropertyException("secrecy", $"LPID {guest.Lpid} believes frame {frame} to be its own, and it is normal memory at 0x{real:x}");
    }

    private static void UnderWay(Guest guest, GuestTask task, int change)
    {
        for (int frame = 0; frame < Guest.FrameCount; frame++)
        {
            if (!task.Concerns(frame))
                continue;
            ref Content content = ref guest.Frames[frame];
            content.Contended |= change > 0 && content.UnderWay > 0;
            content.UnderWay += change;
        }
    }

    // The guest has its answer, or never will.
    private void Finish(Guest guest, GuestTask task, bool success)
    {
        UnderWay(guest, task, -1);
        if (task.Call == UltraCall.UV_ESM)
        {
            if (success)
            {
                guest.IsSecure = true;
                for (int frame = 0; frame < Guest.FrameCount; frame++)
                    guest.Frames[frame] = new Content { Expected = frame >= Guest.RtasFrame ? Expected.Shared : Expected.Anything, Ciphertext = guest.Frames[frame].Ciphertext };
            }

            return;
        }

        for (int frame = 0; frame < Guest.FrameCount; frame++)
        {
            if (!task.Concerns(frame))
                continue;
            ref Content content = ref guest.Frames[frame];
            Expected before = content.Expected;
            PageState? state = StateOf(guest.Lpid, (ulong)frame * Frame);
            bool shared = state is { } s && PageManager.IsShared(s);
            bool contended = content.Contended;
            content.Contended &= content.UnderWay > 0;
            if (contended || !success)
            {
                // Partly done, or two at once: what it is now is all that can be said, except that a secret that is still private is whole.
                if (shared)
                    content.Expected = Expected.Shared;
                else if (before == Expected.Shared || contended || success)
                    content.Expected = Expected.Anything;
                continue;
            }

            if (task.Call == UltraCall.UV_SHARE_PAGE && before != Expected.Shared)
            {
                content.ZeroDue = state == PageState.SHARED_INV;
                if (state == PageState.SHARED)
                    ExpectZero(guest, frame);
            }

            content.Expected = task.Call == UltraCall.UV_SHARE_PAGE ? Expected.Shared : before == Expected.Shared ? Expected.Zero : before;
        }
    }
}
