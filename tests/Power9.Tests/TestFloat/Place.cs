namespace RenodeUvmem.Power9.Tests.TestFloat;

/// <summary>Where in a VSR an instruction takes a value from, or leaves it.</summary>
public enum Place
{
    /// <summary>Doubleword 0: scalars.</summary>
    Dword0,

    /// <summary>Doubleword 0 holds a single-precision value in double format.</summary>
    SingleInDword0,

    /// <summary>Word 0.</summary>
    Word0,

    /// <summary>Word 1.</summary>
    Word1,

    /// <summary>The last halfword of doubleword 0.</summary>
    Half3,

    /// <summary>All four words.</summary>
    Words,

    /// <summary>Words 0 and 2.</summary>
    EvenWords,

    /// <summary>Both doublewords.</summary>
    Dwords,

    /// <summary>The whole register.</summary>
    Quad,

    /// <summary>CR field 1: LT, GT, EQ, unordered.</summary>
    ConditionField,
}
