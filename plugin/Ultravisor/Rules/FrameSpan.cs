namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>The 64 KiB frames that a call is about.</summary>
/// <param name="First">Number of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct FrameSpan(ulong First, ulong Count)
{
    /// <summary>Whether a frame is among them.</summary>
    public bool Contains(ulong gfn) => gfn - First < Count;
}
