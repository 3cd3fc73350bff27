using RenodeUvmem.Power9.Memory;

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
}
