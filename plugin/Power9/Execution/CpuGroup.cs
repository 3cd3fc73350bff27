namespace RenodeUvmem.Power9.Execution;

/// <summary>The CPUs of one machine: who hears broadcasts (tlbie, msgsnd) and who is found by PIR.</summary>
public sealed class CpuGroup
{
    private Cpu[] cpus = [];

    /// <summary>All members in order of joining.</summary>
    public IReadOnlyList<Cpu> Cpus => cpus;

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

    internal void Join(Cpu cpu) => cpus = [.. cpus, cpu];
}
