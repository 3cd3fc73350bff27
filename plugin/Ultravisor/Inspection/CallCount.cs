namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>How often a call was answered.</summary>
/// <param name="Name">The call.</param>
/// <param name="Count">Answers.</param>
/// <param name="Failures">Of those, with another code than 0.</param>
public readonly record struct CallCount(string Name, long Count, long Failures);
