using RenodeUvmem.Power9.Interrupts;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Undoing a system call for a debugger.</summary>
public sealed unsafe partial class Cpu
{
    // A breakpoint at the sc was passed, and is still passed when the sc is executed again.
    private bool passAgain;

    /// <summary>
    /// Undoes the system call that the current instruction has delivered to the ultravisor, and has <see cref="Execute"/> return: the thread stands before it again,
    /// and it was neither executed nor taken any time. SRR0 and SRR1 stay as the call left them.
    /// </summary>
    /// <param name="address">Address of the <c>sc</c>.</param>
    /// <param name="msr">MSR before it.</param>
    public void TakeBackSystemCall(ulong address, ulong msr)
    {
        State->Nia = address;
        SetMsr(msr);
        InterruptCounts[(int)Vector.SystemCall >> 5]--;
        Deliveries--;
        ReturnRequested = true;
        passAgain = passing;

        // The run loop counts the instruction when its handler returns; outside of a run nothing does.
        if (State->Remaining > 0)
            State->Remaining++;
    }
}
