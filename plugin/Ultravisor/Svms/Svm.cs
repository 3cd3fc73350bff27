using System.Runtime.CompilerServices;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>A secure virtual machine.</summary>
public sealed partial class Svm : IDisposable
{
    // In order of gpa, so that walks over a range are walks over the list.
    private readonly List<MemorySlot> slots = [];

    internal Svm(ulong lpid, RadixTree tree, PageCrypto crypto)
    {
        Lpid = lpid;
        Tree = tree;
        Crypto = crypto;
    }

    /// <summary>Partition.</summary>
    public ulong Lpid { get; }

    /// <summary>Where it stands.</summary>
    public SvmState State { get; internal set; } = SvmState.Starting;

    /// <summary>Registered memory in order of gpa.</summary>
    public IReadOnlyList<MemorySlot> Slots => slots;

    /// <summary>Partition-scoped translation.</summary>
    public RadixTree Tree { get; }

    internal PageCrypto Crypto { get; }

    /// <summary>Exchange of RTAS calls, once UV_ESM has set it up.</summary>
    internal RtasService? Rtas { get; set; }

    /// <summary>A call that fault injection postponed and the SVM is about to repeat: its number and the address after it.</summary>
    internal (ulong Number, ulong Nia) Replay { get; set; }

    /// <summary>The slot that holds an address, or null.</summary>
    public MemorySlot? FindSlot(ulong gpa)
    {
        // There can be tens of thousands.
        (int low, int high) = (0, slots.Count - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (slots[middle].Contains(gpa))
                return slots[middle];
            if (gpa < slots[middle].Gpa)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return null;
    }

    /// <summary>The frame that holds an address, or a null reference (<see cref="Unsafe.IsNullRef"/>).</summary>
    public ref GuestFrame Frame(ulong gpa)
    {
        MemorySlot? slot = FindSlot(gpa);
        if (slot is null)
            return ref Unsafe.NullRef<GuestFrame>();
        return ref slot.Frames[(gpa - slot.Gpa) / SecureHeap.FrameSize];
    }

    /// <summary>Whether slots cover all bytes of a range.</summary>
    public bool Covers(ulong gpa, ulong size)
    {
        if (size > ulong.MaxValue - gpa)
            return false;
        ulong end = gpa + size;
        while (gpa < end)
        {
            MemorySlot? slot = FindSlot(gpa);
            if (slot is null)
                return false;
            gpa = slot.Gpa + slot.Size;
        }

        return true;
    }

    /// <summary>Number of frames in each state, indexed by <see cref="PageState"/>.</summary>
    public long[] CountByState()
    {
        var counts = new long[Enum.GetValues<PageState>().Length];
        foreach (MemorySlot slot in slots)
        {
            foreach (ref readonly GuestFrame frame in slot.Frames.AsSpan())
                counts[(int)frame.State]++;
        }

        return counts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tree.Dispose();
        Crypto.Dispose();
    }

    internal void Add(MemorySlot slot)
    {
        slots.Add(slot);
        slots.Sort((a, b) => a.Gpa.CompareTo(b.Gpa));
    }

    internal void Remove(MemorySlot slot) => slots.Remove(slot);
}
