using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Breakpoints: <see cref="Execute"/> returns before the instruction, which is neither executed nor counted.</summary>
public sealed unsafe partial class Cpu
{
    // The next instruction is executed whatever the breakpoints say, if it is the one at this address.
    private bool passing;
    private ulong passAddress;

    /// <summary>Where this thread stops. Kept over <see cref="Reset"/>.</summary>
    public BreakpointSet Breakpoints { get; }

    /// <summary>True if <see cref="Execute"/> returned because NIA is at a breakpoint. It will do so again unless <see cref="PassBreakpoint"/> is called.</summary>
    public bool StoppedAtBreakpoint { get; private set; }

    /// <summary>
    /// Lets the next instruction execute even if a breakpoint is there, before any interrupt that came up while the thread stood there: each arrival at a
    /// breakpoint stops once. Lasts until an instruction was started; a change of NIA before that ends it too.
    /// </summary>
    public void PassBreakpoint()
    {
        passing = true;
        passAddress = State->Nia;
    }

    /// <summary>Whether to stop before the instruction at an address; notes it if so.</summary>
    internal bool StopsAt(ulong address)
    {
        if (passing || !Breakpoints.Stops(address, State))
            return false;
        StoppedAtBreakpoint = true;
        return true;
    }
}
