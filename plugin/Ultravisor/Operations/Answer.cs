namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>What came back.</summary>
internal readonly record struct Answer(long Result, ulong Value = 0);
