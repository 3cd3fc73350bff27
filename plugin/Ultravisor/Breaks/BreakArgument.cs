using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>An argument of a call.</summary>
/// <param name="Name">Name, as logs show it.</param>
/// <param name="Value">Value.</param>
public readonly record struct BreakArgument(string Name, ulong Value)
{
    /// <summary><c>gpa=0x10000</c>.</summary>
    public override string ToString() => $"{Name}={EventText.Argument(Name, Value)}";
}
