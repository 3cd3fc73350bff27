using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>A moment at which a person wants to look at the machine. Text form in <see cref="RuleParser"/>.</summary>
public sealed class Break : Trigger;
