using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>What happens after an access to secure memory was refused.</summary>
public enum ViolationPolicy
{
    /// <summary>The CPU takes a machine check.</summary>
    MachineCheck,

    /// <summary>The machine stops.</summary>
    Stop,
}

/// <summary>
/// Knows the secure ranges of real memory and counts refused accesses. The CPU refuses when it fills a translation and asks here what to do;
/// devices ask <see cref="AllowDma"/>.
/// </summary>
public sealed unsafe class SecureMemoryController : ISecureMemoryMonitor
{
    private const string SnapshotTag = "secure memory";

    private readonly PhysicalMemory memory;

    /// <summary>Takes the secure ranges of <paramref name="memory"/> and becomes its monitor.</summary>
    public SecureMemoryController(PhysicalMemory memory, ViolationPolicy policy = ViolationPolicy.MachineCheck)
    {
        this.memory = memory;
        Policy = policy;
        memory.Monitor = this;
    }

    /// <summary>Told of each violation, after it was counted.</summary>
    public event Action<SecureViolation>? Violated;

    /// <summary>What to do after a violation.</summary>
    public ViolationPolicy Policy { get; set; }

    /// <summary>Secure ranges in order of address.</summary>
    public IEnumerable<RamRange> Ranges => memory.Ranges.Where(range => range.Secure);

    /// <summary>Bytes of secure memory.</summary>
    public ulong Size => Ranges.Aggregate(0UL, (sum, range) => sum + range.Size);

    /// <summary>The last refused accesses.</summary>
    public ViolationLog Recent { get; } = new();

    /// <summary>Refused loads, stores and fetches of CPUs.</summary>
    public long CpuViolations { get; private set; }

    /// <summary>Refused table walks.</summary>
    public long WalkViolations { get; private set; }

    /// <summary>Refused accesses of devices.</summary>
    public long DmaViolations { get; private set; }

    /// <inheritdoc/>
    public bool Violation(in SecureViolation violation)
    {
        if (violation.Initiator < 0)
            DmaViolations++;
        else if (violation.InWalk)
            WalkViolations++;
        else
            CpuViolations++;
        Recent.Add(violation);
        Violated?.Invoke(violation);
        return Policy == ViolationPolicy.MachineCheck;
    }

    /// <summary>True if a device may access the bytes; false after the violation was counted and told.</summary>
    public bool AllowDma(ulong real, ulong length, bool write)
    {
        if (length == 0)
            return true;

        // What wraps around the address space reaches everything, as far as a device is to be trusted.
        bool wraps = length - 1 > ulong.MaxValue - real;
        ulong end = wraps ? ulong.MaxValue : real + (length - 1);
        for (int n = wraps ? 0 : memory.FirstRangeFrom(real); n < memory.Ranges.Count && memory.Ranges[n].Base <= end; n++)
        {
            if (!memory.Ranges[n].Secure)
                continue;
            Violation(new SecureViolation(-1, real, real, 0, write ? AccessKind.Store : AccessKind.Load, InWalk: false));
            return false;
        }

        return true;
    }

    /// <summary>Host pointer if all the bytes, within one 64 KiB page, are normal RAM, else null: where the hypervisor may point the ultravisor to.</summary>
    public byte* NormalPointer(ulong real, ulong length) =>
        memory.FindRam(real) is { Secure: false } ? memory.Pointer(real, length) : null;

    /// <summary>Host pointer if all the bytes, within one 64 KiB page, are secure RAM, else null.</summary>
    public byte* SecurePointer(ulong real, ulong length) =>
        memory.FindRam(real) is { Secure: true } ? memory.Pointer(real, length) : null;

    /// <summary>Must follow each write through a pointer.</summary>
    public void Written(ulong real, ulong length) => memory.InvalidateCode(real, length);

    internal void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write((long)Policy);
        writer.Write(CpuViolations);
        writer.Write(WalkViolations);
        writer.Write(DmaViolations);
        Recent.Save(writer);
        writer.End();
    }

    internal void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Policy = reader.ReadEnum<ViolationPolicy>();
        CpuViolations = reader.ReadInt64();
        WalkViolations = reader.ReadInt64();
        DmaViolations = reader.ReadInt64();
        Recent.Load(reader);
        reader.End();
    }
}
