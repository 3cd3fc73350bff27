namespace RenodeUvmem.Power9.Debug;

/// <summary>What is known of an instruction that ran; none of the bits: it never did.</summary>
[Flags]
public enum CoverageBits : byte
{
    /// <summary>It never ran.</summary>
    None = 0,

    /// <summary>At least once the instruction behind it came next. For a conditional branch: it was not taken.</summary>
    Next = 1,

    /// <summary>At least once control went elsewhere: a branch was taken, or an interrupt came of it.</summary>
    Elsewhere = 2,

    /// <summary>Both.</summary>
    Both = Next | Elsewhere,
}
