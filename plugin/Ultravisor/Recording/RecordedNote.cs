namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>A step in an SVM's life, or a remark.</summary>
/// <param name="Ticks">When.</param>
/// <param name="Lpid">Partition.</param>
/// <param name="IsLife">Which of the two.</param>
/// <param name="Text">Words.</param>
public sealed record RecordedNote(ulong Ticks, ulong Lpid, bool IsLife, string Text);
