namespace RenodeUvmem.Power9.Execution;

/// <summary>The CPUs of one machine: who hears broadcasts (tlbie, msgsnd), who is found by PIR, and how they execute at the same time.</summary>
public sealed class CpuGroup
{
    private Cpu[] cpus = [];
    private long clock;

    /// <summary>All members in order of joining.</summary>
    public IReadOnlyList<Cpu> Cpus => cpus;

    /// <summary>Null while the CPUs take turns; otherwise they may execute at the same time, each on a host thread of its own.</summary>
    public Exclusion? Exclusion { get; private set; }

    /// <summary>Raised when a CPU that is stopped gets an interrupt from another one, on whatever host thread. Only with <see cref="Exclusion"/>.</summary>
    public event Action? Woken;

    /// <summary>From now on the CPUs may execute at the same time. Not while one executes.</summary>
    public void ExecuteConcurrently()
    {
        Exclusion ??= new Exclusion();
        foreach (Cpu cpu in cpus)
            cpu.BecomeConcurrent();
    }

    /// <summary>The member with a PIR, or null.</summary>
    public Cpu? Find(uint pir)
    {
        foreach (Cpu cpu in cpus)
        {
            if (cpu.Pir == pir)
                return cpu;
        }

        return null;
    }

    /// <summary>Brings all CPUs, none of which executes, to the same time, the latest of any; and completes what tlbie began.</summary>
    /// <returns>Ticks since power-on.</returns>
    public ulong Meet()
    {
        ulong latest = (ulong)clock;
        foreach (Cpu cpu in cpus)
            latest = Math.Max(latest, cpu.Ticks);
        foreach (Cpu cpu in cpus)
        {
            cpu.Skip(latest - cpu.Ticks);
            cpu.CompleteInvalidations();
        }

        clock = (long)latest;
        return latest;
    }

    /// <summary>
    /// Somebody at this time looks at the time base. Returns the latest time that anybody has seen, itself included: who learns of another's time, by
    /// whatever way, must not see an earlier one later.
    /// </summary>
    internal ulong SeeTime(ulong ticks)
    {
        long own = (long)ticks;
        long seen = Volatile.Read(ref clock);
        while (seen < own)
        {
            long before = Interlocked.CompareExchange(ref clock, own, seen);
            if (before == seen)
                return ticks;
            seen = before;
        }

        return (ulong)seen;
    }

    internal void Wake() => Woken?.Invoke();

    internal void Join(Cpu cpu) => cpus = [.. cpus, cpu];
}
