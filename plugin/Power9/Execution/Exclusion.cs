namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// Lets one of several host threads that execute CPUs be alone while all others wait between two instructions. Who waits is at rest: its state is exact, and whoever is
/// alone may change it. Waiting begins with a short spin, since a run of instructions is short; then the thread sleeps.
/// </summary>
public sealed class Exclusion
{
    private const int Spins = 64;
    private const int SpinLength = 16;

    private readonly object gate = new();

    // Threads between Begin and End that are not waiting; changed under the lock.
    private volatile int executing;

    // Threads in Enter or between Enter and Leave.
    private volatile int wanted;

    private volatile bool taken;

    /// <summary>Whether somebody wants to be alone, or is.</summary>
    public bool IsWanted => wanted != 0;

    /// <summary>Called by a host thread before it executes a CPU.</summary>
    public void Begin()
    {
        Spin(free: false);
        lock (gate)
        {
            // Not only while somebody is alone: whoever wants to be must not wait for newcomers.
            while (taken || wanted != 0)
                Monitor.Wait(gate);
            executing++;
        }
    }

    /// <summary>The opposite of <see cref="Begin"/>.</summary>
    public void End()
    {
        lock (gate)
            StopExecuting();
    }

    /// <summary>Called between two instructions: waits while others are alone.</summary>
    public void Yield()
    {
        End();
        Begin();
    }

    /// <summary>Waits, between two instructions, until no other thread executes.</summary>
    public void Enter()
    {
        lock (gate)
        {
            wanted++;
            StopExecuting();
        }

        Spin(free: true);
        lock (gate)
        {
            while (taken || executing != 0)
                Monitor.Wait(gate);
            taken = true;
        }
    }

    /// <summary>The opposite of <see cref="Enter"/>: the thread goes on executing.</summary>
    public void Leave()
    {
        lock (gate)
        {
            taken = false;
            wanted--;

            // Others that want to be alone come first.
            if (wanted == 0)
            {
                executing++;
                Monitor.PulseAll(gate);
                return;
            }

            Monitor.PulseAll(gate);
            while (taken || wanted != 0)
                Monitor.Wait(gate);
            executing++;
        }
    }

    private void StopExecuting()
    {
        executing--;
        if (executing == 0)
            Monitor.PulseAll(gate);
    }

    // Saves the cost of going to sleep where the wait is short. What it sees decides nothing.
    private void Spin(bool free)
    {
        for (int n = 0; n < Spins && (taken || (free ? executing != 0 : wanted != 0)); n++)
            Thread.SpinWait(SpinLength);
    }
}
