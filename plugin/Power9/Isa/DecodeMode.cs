using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Isa;

/// <summary>The four ways a code page can be decoded, by MSR[SF] and MSR[LE].</summary>
public static class DecodeMode
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary>Mode types by index.</summary>
    public static readonly Type[] Types = [typeof(Le64), typeof(Be64), typeof(Le32), typeof(Be32)];

    /// <summary>Index of the mode that an MSR selects.</summary>
    public static int Of(ulong msr) => ((msr & Msr.LE) != 0 ? 0 : 1) | ((msr & Msr.SF) != 0 ? 0 : 2);

    /// <summary>Whether a mode fetches little-endian words.</summary>
    public static bool IsLittleEndian(int mode) => (mode & 1) == 0;
}
