namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Classes of operations as snapshots number them; a number is never used again for another.</summary>
internal enum OperationKind
{
    EnterSecureMode = 1,
    Share = 2,
    Unshare = 3,
    MakeResident = 4,
    RtasExchange = 5,
    MmioAccess = 6,
    RuleCall = 7,
    Halt = 8,
}
