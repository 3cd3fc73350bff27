using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>The address spaces one CPU has cached: at most 64, least recently used first out.</summary>
public sealed partial class AddressSpaces : IDisposable
{
    /// <summary>One bit each in <see cref="Memory.PageInfo.Writers"/>.</summary>
    public const int Limit = 64;

    private const int BucketCount = 1024;
    private readonly List<AddressSpace> spaces = [];
    private readonly AddressSpace?[] recent = new AddressSpace?[BucketCount];
    private long clock;

    /// <summary>Spaces there are.</summary>
    public int Count => spaces.Count;

    /// <summary>The space with a tag, made if need be.</summary>
    public AddressSpace Get(ulong key)
    {
        ulong hash = key * 0x9E3779B97F4A7C15;
        ref AddressSpace? slot = ref recent[hash >> 54];
        if (slot is not null && slot.Key == key)
        {
            slot.LastUse = ++clock;
            return slot;
        }

        slot = Find(key);
        slot.LastUse = ++clock;
        return slot;
    }

    /// <summary>All spaces, empty ones too.</summary>
    public ReadOnlySpan<AddressSpace> All => CollectionsMarshal.AsSpan(spaces);

    /// <summary>Drops everything.</summary>
    public void FlushAll()
    {
        foreach (AddressSpace space in spaces)
        {
            if (!space.Empty)
                space.Flush();
        }
    }

    /// <summary>Drops the data entries that a condition names from all spaces.</summary>
    public void ForgetData(Func<TlbEntry, bool> which)
    {
        foreach (AddressSpace space in spaces)
        {
            if (!space.Empty)
                space.ForgetData(which);
        }
    }

    /// <summary>Takes store permission for a real page from the spaces in <paramref name="writers"/>.</summary>
    public void ProtectRealPage(ulong realPage, ulong writers)
    {
        foreach (AddressSpace space in spaces)
        {
            if (((writers >> space.Id) & 1) != 0)
                space.ProtectRealPage(realPage);
        }
    }

    /// <summary>Drops instruction entries of one decoded page, which is about to be freed.</summary>
    /// <param name="slots">Its slots.</param>
    public void ForgetCode(nint slots)
    {
        foreach (AddressSpace space in spaces)
        {
            if (!space.Empty)
                space.ForgetCode(slots);
        }
    }

    /// <summary>Drops all instruction entries: decoded pages are about to be freed.</summary>
    public void FlushCode()
    {
        foreach (AddressSpace space in spaces)
            space.FlushCode();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AddressSpace space in spaces)
            space.Dispose();
        spaces.Clear();
        Array.Clear(recent);
    }

    private AddressSpace Find(ulong key)
    {
        AddressSpace? oldest = null;
        foreach (AddressSpace space in spaces)
        {
            if (space.Key == key)
                return space;
            if (oldest is null || space.LastUse < oldest.LastUse)
                oldest = space;
        }

        if (spaces.Count < Limit)
        {
            oldest = new AddressSpace(spaces.Count);
            spaces.Add(oldest);
        }
        else
        {
            oldest!.Flush();
        }

        oldest.Key = key;
        return oldest;
    }
}
