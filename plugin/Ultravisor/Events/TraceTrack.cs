namespace RenodeUvmem.Ultravisor.Events;

/// <summary>A line of a trace viewer. Both numbers are above 0, which viewers take for the idle process.</summary>
/// <param name="Process">Group of tracks.</param>
/// <param name="Thread">Unique in the whole trace: some viewers look at it alone.</param>
internal readonly record struct TraceTrack(long Process, long Thread);
