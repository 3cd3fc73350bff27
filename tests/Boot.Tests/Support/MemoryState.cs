using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Inspection;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>
/// What hypervisor and ultravisor hold of all frames of secure guests at one moment, each read from its own books: the hypervisor's from its memory by symbol.
/// </summary>
internal sealed class MemoryState
{
    private readonly Dictionary<(ulong Lpid, ulong Gpa), FrameState> frames = [];
    private readonly List<string> differences = [];

    private MemoryState()
    {
    }

    /// <summary>Device pages in use.</summary>
    public required IReadOnlyList<UvmemDevicePage> Pool { get; init; }

    /// <summary>The hypervisor's VMs.</summary>
    public required IReadOnlyList<UvmemVm> Vms { get; init; }

    /// <summary>The page that was asked for, or null.</summary>
    public UvmemPage? Page { get; init; }

    /// <summary>Reads both.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="view">The hypervisor's books.</param>
    /// <param name="pfn">Number of a page frame to look at, too, if it is one of RAM.</param>
    public static MemoryState Of(Machine machine, UvmemView view, ulong pfn = ulong.MaxValue)
    {
        if (machine.Ultravisor is not { } ultravisor)
            return new MemoryState { Pool = [], Vms = [] };
        var state = new MemoryState
        {
            Pool = [.. view.PoolUsed().Select(view.DevicePage)],
            Vms = view.HasPool ? view.Vms() : [],
            Page = pfn < machine.Description.Memory.RamSize / SecureHeap.FrameSize ? view.Page(pfn) : null,
        };
        foreach (UvmemVm vm in state.Vms)
        {
            foreach (UvmemSlot slot in vm.Slots)
            {
                // Slots that an aborted UV_ESM has left behind come last and are not looked up any more.
                for (int n = 0; n < slot.Words.Count; n++)
                    state.frames.TryAdd((vm.Lpid, (slot.Base + (ulong)n) * SecureHeap.FrameSize), new FrameState(slot.Words[n], view.StateOf(slot.Words[n])));
            }
        }

        foreach (SvmInfo svm in ultravisor.Inspect.Svms)
            state.AddUltravisor(svm, gpa => ultravisor.Inspect.DescribePages(svm.Lpid, gpa, 1)[0], view);
        state.Compare(view);
        return state;
    }

    /// <summary>Whether a secure guest has a frame.</summary>
    public bool Has(ulong gpa) => frames.Keys.Any(frame => frame.Gpa == gpa);

    /// <summary>The frame of the only secure guest that has it.</summary>
    public FrameState Frame(ulong gpa) => frames.First(frame => frame.Key.Gpa == gpa).Value;

    /// <summary>Frames in a state of the hypervisor.</summary>
    public int Count(GfnState state) => frames.Values.Count(frame => frame.Hypervisor == state);

    /// <summary>Where the two do not agree, or the hypervisor does not agree with itself: section 13 of the matrix, items 1 and 2.</summary>
    public IReadOnlyList<string> Differences() => differences;

    private void AddUltravisor(SvmInfo svm, Func<ulong, PageRange> describe, UvmemView view)
    {
        foreach (SlotInfo slot in svm.Slots)
        {
            for (ulong gpa = slot.Gpa; gpa < slot.Gpa + slot.Size; gpa += SecureHeap.FrameSize)
            {
                PageRange page = describe(gpa);
                FrameState before = frames.GetValueOrDefault((svm.Lpid, gpa), new FrameState(0, GfnState.None));
                frames[(svm.Lpid, gpa)] = before with { Ultravisor = page.State, Normal = page.Normal == 0 ? null : view.Page(page.Normal / SecureHeap.FrameSize) };
            }
        }
    }

    private void Compare(UvmemView view)
    {
        var standing = new Dictionary<ulong, ulong>();
        foreach (((ulong lpid, ulong gpa), FrameState frame) in frames)
        {
            if (!Agrees(frame))
                differences.Add($"lpid {lpid} gpa 0x{gpa:x}: {frame.Hypervisor} for the hypervisor, {frame.Ultravisor?.ToString() ?? "no frame"} for the ultravisor");
            if (frame.Hypervisor == GfnState.Uvmem)
                standing[view.PoolIndexOf(frame.Word)] = gpa;
        }

        foreach (UvmemDevicePage page in Pool)
        {
            if (page.References != 1)
                differences.Add($"device page {page.Index} for gpa 0x{page.Gpa:x} has {page.References} references");
            if (!standing.Remove(page.Index, out ulong gpa) || gpa != page.Gpa)
                differences.Add($"device page {page.Index} for gpa 0x{page.Gpa:x} stands for no frame");
        }

        differences.AddRange(standing.Select(frame => $"gpa 0x{frame.Value:x} has device page {frame.Key}, which is free"));
    }

    private static bool Agrees(FrameState frame) => frame.Hypervisor switch
    {
        GfnState.Uvmem => frame.Ultravisor == PageState.SECURE,
        GfnState.Mem => frame.Ultravisor == PageState.PAGEDOUT,
        GfnState.Shared => frame.Ultravisor is { } state && PageManager.IsShared(state),
        _ => frame.Ultravisor is null,
    };
}
