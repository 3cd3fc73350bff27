using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Contracts;

/// <summary>What a call does to one frame of an SVM that runs, with a hypervisor that plays its part as Linux does.</summary>
/// <param name="Call">The call.</param>
/// <param name="Before">State of the frame.</param>
/// <param name="Answer">R3.</param>
/// <param name="Path">States that it goes through, the last is where it stays; empty if it stays as it was.</param>
/// <param name="Within">Calls made meanwhile, as text.</param>
public sealed record Behaviour(UltraCall Call, PageState Before, long Answer, IReadOnlyList<PageState> Path, IReadOnlyList<string> Within)
{
    /// <summary>State afterwards.</summary>
    public PageState After => Path.Count == 0 ? Before : Path[^1];
}
