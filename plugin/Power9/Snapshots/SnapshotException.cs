namespace RenodeUvmem.Power9.Snapshots;

/// <summary>Bytes that are no snapshot, a damaged one, or one of another machine. The message is one line for the user.</summary>
public sealed class SnapshotException(string message) : Exception(message);
