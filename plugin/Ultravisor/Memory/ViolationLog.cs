using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>The last refused accesses to secure memory.</summary>
public sealed class ViolationLog
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 256;

    private readonly SecureViolation[] ring = new SecureViolation[Capacity];

    /// <summary>Refused accesses since power-on.</summary>
    public long Total { get; private set; }

    /// <summary>The last ones, oldest first; at most <paramref name="count"/>.</summary>
    public IReadOnlyList<SecureViolation> Last(int count = Capacity)
    {
        int kept = (int)Math.Min(Math.Min(Total, Capacity), Math.Max(count, 0));
        var last = new SecureViolation[kept];
        for (int n = 0; n < kept; n++)
            last[n] = ring[(int)((Total - kept + n) % Capacity)];
        return last;
    }

    internal void Add(in SecureViolation violation) => ring[(int)(Total++ % Capacity)] = violation;

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Total);
        IReadOnlyList<SecureViolation> kept = Last();
        writer.Write(kept.Count);
        foreach (SecureViolation violation in kept)
        {
            writer.Write(violation.Initiator);
            writer.Write(violation.Real);
            writer.Write(violation.EffectiveAddress);
            writer.Write(violation.InstructionAddress);
            writer.Write((long)violation.Kind);
            writer.Write(violation.InWalk);
            writer.Write(violation.Instruction);
            writer.Write(violation.Msr);
            writer.Write(violation.Lpid);
        }
    }

    internal void Load(SnapshotReader reader)
    {
        long total = reader.ReadInt64();
        int kept = reader.ReadCount(Capacity);
        if (kept != Math.Min(total, Capacity))
            throw reader.Problem($"{kept} violations are kept of {total}");
        Total = total - kept;
        for (; kept > 0; kept--)
        {
            Add(new SecureViolation(
                reader.ReadInt32(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadEnum<AccessKind>(), reader.ReadBool())
            {
                Instruction = reader.ReadInt64(),
                Msr = reader.ReadUInt64(),
                Lpid = reader.ReadUInt64(),
            });
        }
    }
}
