namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>Places of registers in a <see cref="RegisterSet"/>: those that QEMU's log has.</summary>
internal static class Field
{
    public const int NIA = 0;
    public const int MSR = 1;
    public const int CR = 2;
    public const int XER = 3;
    public const int LR = 4;
    public const int CTR = 5;
    public const int FPSCR = 6;
    public const int SRR0 = 7;
    public const int SRR1 = 8;
    public const int HSRR0 = 9;
    public const int HSRR1 = 10;
    public const int CFAR = 11;
    public const int LPCR = 12;
    public const int PTCR = 13;
    public const int DAR = 14;
    public const int DSISR = 15;
    public const int VRSAVE = 16;

    /// <summary>SPRG0 to SPRG3.</summary>
    public const int SPRG0 = 17;

    /// <summary>1 while a reservation is held.</summary>
    public const int Reservation = 21;

    /// <summary>32 of them.</summary>
    public const int Gpr0 = 22;

    /// <summary>32 of them.</summary>
    public const int Fpr0 = 54;

    public const int Count = 86;

    private static readonly string[] Names =
    [
        nameof(NIA), nameof(MSR), nameof(CR), nameof(XER), nameof(LR), nameof(CTR), nameof(FPSCR), nameof(SRR0), nameof(SRR1), nameof(HSRR0), nameof(HSRR1), nameof(CFAR),
        nameof(LPCR), nameof(PTCR), nameof(DAR), nameof(DSISR), nameof(VRSAVE), "SPRG0", "SPRG1", "SPRG2", "SPRG3", "reservation",
    ];

    public static string Name(int field) => field switch
    {
        >= Fpr0 => $"FPR {field - Fpr0}",
        >= Gpr0 => $"GPR {field - Gpr0}",
        _ => Names[field],
    };
}

/// <summary>Values of registers between two instructions.</summary>
internal sealed class RegisterSet
{
    public ulong[] Values { get; } = new ulong[Field.Count];

    public ulong this[int field]
    {
        get => Values[field];
        set => Values[field] = value;
    }
}
