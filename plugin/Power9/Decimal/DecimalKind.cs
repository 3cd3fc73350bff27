namespace RenodeUvmem.Power9.Decimal;

/// <summary>What a decimal datum stands for.</summary>
public enum DecimalKind
{
    Finite,
    Infinity,
    QuietNaN,
    SignallingNaN,
}
