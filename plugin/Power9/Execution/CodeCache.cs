using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Decoded pages of one real address space, shared by its CPUs.</summary>
public sealed unsafe partial class CodeCache : IDisposable
{
    /// <summary>Pages kept at most (16 KiB each); reaching it drops all.</summary>
    public const int Limit = 16384;

    // The header lies right before the slots, so that a slot's handler finds it.
    private const int HeaderSize = 128;
    private readonly List<nint> pages = [];

    // As many bytes stored to a page from elsewhere, as many as it has, and it is taken for data. To forget it and decode it again costs about what these slow stores did, so a wrong
    // guess does little harm; a page that is cleared or copied to counts at once.
    private const int BytesOfData = 4096;

    // Breakpoints of all CPUs by slot index, the page offset of their addresses: only slots with one need to look further.
    private readonly int[] breaks = new int[Insn.SlotsPerPage];

    /// <summary>Raised before decoded pages are freed: CPUs must forget their slots.</summary>
    public event Action? Dropping;

    /// <summary>Raised before one decoded page is freed. Argument: its slots.</summary>
    public event Action<nint>? Releasing;

    /// <summary>Raised when a real page gets its first decoded page: CPUs must stop storing to it directly. Arguments: real page, writers.</summary>
    public event Action<ulong, ulong>? Protecting;

    /// <summary>Decoded pages now kept.</summary>
    public int Count => pages.Count;

    /// <summary>Words decoded since the start.</summary>
    public long Decoded { get; private set; }

    /// <summary>The decoded page of a real page in a mode, or null.</summary>
    public static CodePage* Find(RamRange range, ulong realPage, int mode)
    {
        PageInfo* info = range.Pages + ((realPage - range.Base) >> 12);
        for (CodePage* page = info->Code; page != null; page = page->Next)
        {
            if (page->Mode == mode)
                return page;
        }

        return null;
    }

    /// <summary>The decoded page of a real page in a mode, made if need be.</summary>
    public CodePage* Get(RamRange range, ulong realPage, int mode)
    {
        CodePage* page = Find(range, realPage, mode);
        return page != null ? page : Make(range, realPage, mode);
    }

    /// <summary>Makes the decoded page of a real page in a mode that has none. Not while other CPUs execute.</summary>
    public CodePage* Make(RamRange range, ulong realPage, int mode)
    {
        PageInfo* info = range.Pages + ((realPage - range.Base) >> 12);
        if (pages.Count >= Limit)
            Drop();
        byte* block = (byte*)NativeMemory.AlignedAlloc((nuint)(HeaderSize + ((Insn.SlotsPerPage + 1) * sizeof(Insn))), 64);
        var made = (CodePage*)block;
        made->Next = info->Code;
        made->Bytes = range.Host + (realPage - range.Base);
        made->RealPage = realPage;
        made->Info = info;
        made->Mode = mode;
        made->Epoch = null;
        made->Traces = null;
        made->Generation = 0;
        made->Stored = 0;
        made->Slots = (Insn*)(block + HeaderSize);
        Reset(made, 0, Insn.SlotsPerPage);
        made->Slots[Insn.SlotsPerPage].Fn = PageEnd.HandlerOf(mode);
        pages.Add((nint)made);
        bool first = info->Code == null;
        info->Code = made;
        if (first && info->Writers != 0)
        {
            Protecting?.Invoke(realPage, info->Writers);
            info->Writers = 0;
        }

        return made;
    }

    /// <summary>The page that slots belong to.</summary>
    public static CodePage* PageOf(Insn* slots) => (CodePage*)((byte*)slots - HeaderSize);

    /// <summary>
    /// Decodes the slot in place. Called by the handler of an undecoded slot; other CPUs may do the same, or find the slot decoded at any moment, so the handler is written last.
    /// </summary>
    public void Decode(CodePage* page, Insn* slot)
    {
        int index = (int)(slot - page->Slots);
        Insn decoded = DecodeWord(page, index);
        if (breaks[index] != 0)
            decoded.Fn = &BreakSlot.Check;
        slot->Imm = decoded.Imm;
        (slot->T, slot->A, slot->B, slot->C) = (decoded.T, decoded.A, decoded.B, decoded.C);
        Volatile.Write(ref *(nint*)&slot->Fn, (nint)decoded.Fn);
        Decoded++;
    }

    /// <summary>What the word of a slot decodes to.</summary>
    public static Insn DecodeWord(CodePage* page, int index) => Decoder.Decode(WordAt(page, index), page->Mode, index);

    /// <summary>The instruction word of a slot.</summary>
    public static uint WordAt(CodePage* page, int index)
    {
        var bytes = new ReadOnlySpan<byte>(page->Bytes + (index * 4), 4);
        return DecodeMode.IsLittleEndian(page->Mode) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Bytes of a real page changed: slots that lie over them decode again.</summary>
    public static void Invalidate(PageInfo* info, int offset, int length)
    {
        for (CodePage* page = info->Code; page != null; page = page->Next)
            Reset(page, offset >> 2, ((offset + length + 3) >> 2) - (offset >> 2));
    }

    /// <summary>
    /// Bytes of a real page with decoded code were stored to. Pages change their use: after enough of that it is data again, and stores are fast; if there is code it is decoded anew.
    /// What counts is bytes alone, not what was decoded meanwhile: a saved machine, which has to decode all anew, must do the same at the same store.
    /// No other CPU executes, and the caller none of its slots.
    /// </summary>
    internal void NoteStore(PageInfo* info, int size)
    {
        if ((info->Code->Stored += size) < BytesOfData)
            return;
        while (info->Code != null)
        {
            pages.Remove((nint)info->Code);
            Free(info->Code);
        }
    }

    // A page that is no longer in the list of all.
    private void Free(CodePage* page)
    {
        Releasing?.Invoke((nint)page->Slots);
        if (page->Epoch != null)
            TraceLink.Forget(page);
        CodePage** link = &page->Info->Code;
        while (*link != page)
            link = &(*link)->Next;
        *link = page->Next;
        NativeMemory.AlignedFree(page);
    }

    /// <summary>A breakpoint at an effective address was added: slots with its page offset check from now on.</summary>
    internal void AddBreak(ulong address)
    {
        if (breaks[BreakIndex(address)]++ == 0)
            ResetEverywhere(BreakIndex(address));
    }

    /// <summary>The opposite of <see cref="AddBreak"/>.</summary>
    internal void RemoveBreak(ulong address)
    {
        if (--breaks[BreakIndex(address)] == 0)
            ResetEverywhere(BreakIndex(address));
    }

    /// <summary>Slots get their handlers back: no trace is entered any more. Not while a CPU executes.</summary>
    internal void ForgetTraces()
    {
        foreach (nint address in pages)
        {
            var page = (CodePage*)address;
            if (page->Epoch == null)
                continue;
            TraceLink.Forget(page);
            page->Epoch = null;
        }
    }

    /// <summary>Forgets all pages. Not while a CPU executes: no slot may be in use.</summary>
    public void Drop()
    {
        Dropping?.Invoke();
        foreach (nint address in pages)
        {
            var page = (CodePage*)address;
            page->Info->Code = null;
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint page in pages)
            NativeMemory.AlignedFree((void*)page);
        pages.Clear();
    }

    private static int BreakIndex(ulong address) => (int)(address >> 2) & (Insn.SlotsPerPage - 1);

    private void ResetEverywhere(int index)
    {
        foreach (nint page in pages)
            Reset((CodePage*)page, index, 1);
    }

    private static void Reset(CodePage* page, int first, int count)
    {
        if (page->Epoch != null)
            TraceLink.Forget(page);
        Insn* slot = page->Slots + first;
        for (int k = 0; k < count; k++)
            slot[k].Fn = &PageEnd.Undecoded;
    }
}
