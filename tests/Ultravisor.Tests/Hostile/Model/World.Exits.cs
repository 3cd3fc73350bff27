using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Guest CPUs that come to the hypervisor and go back.</summary>
internal sealed unsafe partial class World
{
    private const ulong CauseMask = 0x783F0000;

    private readonly List<Exit> exits = [];

    /// <summary>Guest CPUs in the hypervisor's hands.</summary>
    public IReadOnlyList<Exit> Exits => exits;

    /// <summary>
    /// To be called after whatever may have brought a CPU from a guest to the hypervisor: notes the exit as KVM would, checks what is visible, and
    /// leaves the CPU in the hypervisor's code.
    /// </summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="guest">Who ran on it, or null.</param>
    /// <param name="task">Its call that is under way.</param>
    /// <param name="hidden">Its registers before, if known.</param>
    public void Settle(Cpu cpu, Guest? guest, GuestTask? task = null, Registers? hidden = null)
    {
        CpuState* s = cpu.State;
        CheckCpu(cpu);
        if (!InHypervisor(cpu) || s->Nia >= 0x2000 || guest is null)
            return;
        ulong vector = s->Nia;
        bool hypervisorClass = vector is (>= 0xE00 and < 0xF00) or 0x980 or 0xF80 or 0x500 or 0x1500;
        ulong address = s->Spr[hypervisorClass ? SprNumber.HSRR0 : SprNumber.SRR0];
        ulong msr = s->Spr[hypervisorClass ? SprNumber.HSRR1 : SprNumber.SRR1] & ~CauseMask;
        var gpr = new ulong[32];
        new ReadOnlySpan<ulong>(s->Gpr, 32).CopyTo(gpr);
        ToHypervisor(cpu);
        if ((msr & Msr.S) == 0)
        {
            // H_SVM_INIT_ABORT, or a guest that is none yet: an ordinary exit.
            if (task is not null)
                Finish(guest, task, success: false);
            return;
        }

        if (gpr[31] != address || exits.Exists(exit => exit.Cookie == address))
            throw new BrokenPropertyException("cookie", $"exit of LPID {guest.Lpid} to 0x{vector:x} with R31 0x{gpr[31]:x} and address 0x{address:x}");
        exits.Add(new Exit(guest, address, vector, address, msr, gpr, task, hidden));
    }

    /// <summary>UV_RETURN of an exit as kvmppc_p9_enter_guest makes it, with a result and changes to the registers before the call.</summary>
    public void Return(Cpu cpu, Exit exit, long result, Action? change = null)
    {
        ToHypervisor(cpu);
        CpuState* s = cpu.State;
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = exit.Gpr[n];
        s->Gpr[0] = (ulong)result;
        s->Gpr[2] = exit.Msr;
        cpu.WriteSpecialSpr(SprNumber.LPIDR, exit.Guest.Lpid);
        cpu.WriteSpecialSpr(SprNumber.PIDR, exit.Guest.Pid);
        s->Spr[SprNumber.HSRR0] = exit.Address;
        s->Spr[SprNumber.HSRR1] = (exit.Msr & ~Msr.HV) | Msr.ME;
        change?.Invoke();
        ReturnAsIs(cpu);
    }

    /// <summary>UV_RETURN with whatever is in the registers.</summary>
    public void ReturnAsIs(Cpu cpu)
    {
        CpuState* s = cpu.State;
        s->Gpr[3] = (ulong)UltraCall.UV_RETURN;
        ulong cookie = s->Gpr[31];
        ulong lpid = s->Spr[SprNumber.LPIDR];
        bool sameProcess = GuestOf(lpid) is { } named && s->Spr[SprNumber.PIDR] == named.Pid;
        bool injected = s->Spr[SprNumber.HSRR0] != cookie;
        Exit? exit = exits.Find(e => e.Cookie == cookie);
        bool starts = StartsCpu(s);
        bool wasDead = exit is not null && Uv.FindSvm(exit.Guest.Lpid)?.State == SvmState.Dead;
        Raw(cpu, (ulong)UltraCall.UV_RETURN, HypervisorCode);
        if (starts)
        {
            if (exit is not null && exit.Guest.Lpid == lpid)
                Drop(exit);
            Settle(cpu, GuestOf(lpid));
            return;
        }

        if (exit is null)
        {
            if ((long)s->Gpr[3] != UReturn.U_PARAMETER || s->Nia != HypervisorCode || s->Msr != HypervisorMsr)
                throw new BrokenPropertyException("cookie", $"UV_RETURN with 0x{cookie:x}, which is no live cookie, gave {(long)s->Gpr[3]} at 0x{s->Nia:x}, MSR 0x{s->Msr:x}");
            return;
        }

        exits.Remove(exit);
        bool rightGuest = lpid == exit.Guest.Lpid && sameProcess;
        if (!rightGuest || wasDead)
        {
            if (Uv.FindSvm(exit.Guest.Lpid)?.State != SvmState.Dead)
                throw new BrokenPropertyException("identity", $"UV_RETURN of a CPU of LPID {exit.Guest.Lpid} with LPIDR {lpid} did not kill the SVM");
        }

        if (InSvm(cpu))
        {
            if (!rightGuest)
                throw new BrokenPropertyException("identity", $"UV_RETURN of a CPU of LPID {exit.Guest.Lpid} with LPIDR {lpid} resumed it");
            if (exit.Task is null)
                exit.Hidden?.ExpectIn(s, answered: exit.IsCall, interrupted: injected || exit.Vector is 0x100 or 0x200 or 0xC00);
            ExpectResumed(cpu, exit);
        }

        AfterGuestWork(cpu, exit.Guest, exit.Task, exit.Task is null ? exit.Hidden : null);
    }

    /// <summary>A guest's call went as far as it goes: either the guest has its answer or the hypervisor was called.</summary>
    public void AfterGuestWork(Cpu cpu, Guest guest, GuestTask? task, Registers? hidden = null)
    {
        bool running = InSvm(cpu);
        if (running && task is not null)
        {
            long code = (long)cpu.State->Gpr[3];
            if (task.Call != UltraCall.UV_ESM && code is not (UReturn.U_SUCCESS or UReturn.U_P2))
                throw new BrokenPropertyException("code", $"{task.Call} of LPID {guest.Lpid} gave {UReturn.Text(code)}");
            Finish(guest, task, cpu.State->Gpr[3] == 0 || task.Call == UltraCall.UV_ESM);
            task = null;
        }

        if (!running && Uv.FindSvm(guest.Lpid)?.State == SvmState.Dead && task is not null)
        {
            Finish(guest, task, success: false);
            task = null;
        }

        Settle(cpu, guest, task, hidden);
    }

    /// <summary>An exit that will never be answered.</summary>
    public void Drop(Exit exit)
    {
        if (exit.Task is { } task)
            Finish(exit.Guest, task, success: false);
        exits.Remove(exit);
    }

    private bool StartsCpu(CpuState* s) => Uv.IsStartCookie(s->Gpr[0], s->Spr[SprNumber.LPIDR], s->Spr[SprNumber.HSRR0]);

    // The hypervisor may interrupt a guest; it may not send it anywhere it likes.
    private static void ExpectResumed(Cpu cpu, Exit exit)
    {
        CpuState* s = cpu.State;
        ulong offset = s->Nia & 0xFFF_FFFF_FFFF;
        bool vector = s->Nia is < 0x2000 or (>= 0xC000000000004000 and < 0xC000000000006000) && offset % 0x20 == 0;
        if (!vector && !IsGuestPlace(s->Nia) && exit.Hidden is not null)
            throw new BrokenPropertyException("injection", $"UV_RETURN sent the guest to 0x{s->Nia:x}, which is no interrupt vector and not where it was");
    }
}
