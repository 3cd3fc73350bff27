namespace RenodeUvmem.Power9.Tiers;

/// <summary>A page that a recorded trace has slots of.</summary>
/// <param name="Page">Address of its <see cref="Execution.CodePage"/>, which may be gone.</param>
/// <param name="Known">What was known of it: tells it from another one that gets its address.</param>
/// <param name="Generation">Its generation at that moment.</param>
internal readonly record struct RecordedPage(nint Page, TracedPage Known, int Generation);
