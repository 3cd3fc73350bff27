using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>Software TLBs of one tag: data and instruction entries for one half of the effective address space.</summary>
public sealed unsafe partial class AddressSpace : IDisposable
{
    internal AddressSpace(int id)
    {
        Id = id;
        Data = (TlbEntry*)NativeMemory.AlignedAlloc((nuint)(TlbEntry.Count * sizeof(TlbEntry)), 64);
        Code = (CodeTlbEntry*)NativeMemory.AlignedAlloc((nuint)(CodeTlbEntry.Count * sizeof(CodeTlbEntry)), 64);
        Clear();
    }

    /// <summary>0..63; bit of <see cref="Memory.PageInfo.Writers"/>.</summary>
    public int Id { get; }

    /// <summary>Tag, see <see cref="AddressSpaceKey"/>.</summary>
    public ulong Key { get; internal set; } = ulong.MaxValue;

    /// <summary>Data TLB.</summary>
    public TlbEntry* Data { get; private set; }

    /// <summary>Instruction TLB.</summary>
    public CodeTlbEntry* Code { get; private set; }

    internal long LastUse { get; set; }

    /// <summary>True if nothing was entered since the last flush.</summary>
    internal bool Empty { get; set; }

    /// <summary>Drops all entries.</summary>
    public void Flush()
    {
        if (!Empty)
            Clear();
    }

    /// <summary>Drops instruction entries.</summary>
    public void FlushCode() => new Span<byte>(Code, CodeTlbEntry.Count * sizeof(CodeTlbEntry)).Fill(0xFF);

    /// <summary>Drops instruction entries with these slots.</summary>
    public void ForgetCode(nint slots)
    {
        CodeTlbEntry* end = Code + CodeTlbEntry.Count;
        for (CodeTlbEntry* entry = Code; entry < end; entry++)
        {
            if ((nint)entry->Slots == slots)
                entry->Tag = TlbEntry.Invalid;
        }
    }

    /// <summary>Drops the entries of [ea, ea + size).</summary>
    public void FlushRange(ulong ea, ulong size)
    {
        if (Empty)
            return;
        if (size >= (ulong)TlbEntry.Count << 12)
        {
            Flush();
            return;
        }

        for (ulong done = 0; done < size; done += 0x1000)
        {
            ulong page = ea + done;
            TlbEntry* entry = Data + ((page >> 12) & (TlbEntry.Count - 1));
            entry->ReadTag = TlbEntry.Invalid;
            entry->WriteTag = TlbEntry.Invalid;
            Code[(page >> 12) & (CodeTlbEntry.Count - 1)].Tag = TlbEntry.Invalid;
        }
    }

    /// <summary>Drops the data entries that a condition names.</summary>
    public void ForgetData(Func<TlbEntry, bool> which)
    {
        TlbEntry* end = Data + TlbEntry.Count;
        for (TlbEntry* entry = Data; entry < end; entry++)
        {
            if (which(*entry))
                entry->ReadTag = entry->WriteTag = TlbEntry.Invalid;
        }
    }

    /// <summary>Takes direct store permission from every entry of a real page.</summary>
    public void ProtectRealPage(ulong realPage)
    {
        TlbEntry* end = Data + TlbEntry.Count;
        for (TlbEntry* entry = Data; entry < end; entry++)
        {
            if (entry->RealPage == realPage)
                entry->WriteTag = TlbEntry.Invalid;
        }
    }

    private void Clear()
    {
        new Span<byte>(Data, TlbEntry.Count * sizeof(TlbEntry)).Fill(0xFF);
        FlushCode();
        Empty = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        NativeMemory.AlignedFree(Code);
        Data = null;
        Code = null;
    }
}
