using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Debug;

/// <summary>
/// Watched pages of one CPU, 4 KiB each, by effective or by real address; each is watched until it was removed as often as it was added. May be changed
/// while nothing executes, and from what the CPU calls while it does.
/// </summary>
public sealed class WatchSet
{
    private readonly AddressSpaces spaces;
    private readonly Dictionary<ulong, int> effective = [];
    private readonly Dictionary<ulong, int> real = [];

    internal WatchSet(AddressSpaces spaces) => this.spaces = spaces;

    /// <summary>Who is told, or null.</summary>
    public IAccessWatcher? Watcher { get; set; }

    /// <summary>True if no page is watched: accesses then cost nothing more.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Watches the page of an effective address, in every world.</summary>
    public void AddEffective(ulong address)
    {
        Add(effective, address);
        spaces.ForgetData(entry => entry.Holds(Page(address)));
    }

    /// <summary>The opposite of <see cref="AddEffective"/>; a page that is not watched stays so.</summary>
    public void RemoveEffective(ulong address) => Remove(effective, address);

    /// <summary>Watches the page of a real address, RAM or device, wherever it is mapped.</summary>
    public void AddReal(ulong address)
    {
        Add(real, address);
        spaces.ForgetData(entry => entry.RealPage == Page(address));
    }

    /// <summary>The opposite of <see cref="AddReal"/>; a page that is not watched stays so.</summary>
    public void RemoveReal(ulong address) => Remove(real, address);

    /// <summary>Removes all pages.</summary>
    public void Clear()
    {
        effective.Clear();
        real.Clear();
        IsEmpty = true;
    }

    /// <summary>Cached translations were replaced: those of watched pages must go.</summary>
    internal void Apply()
    {
        if (!IsEmpty)
            spaces.ForgetData(entry => real.ContainsKey(entry.RealPage) || effective.Keys.Any(entry.Holds));
    }

    /// <summary>Whether an access has to be told.</summary>
    internal bool Covers(ulong effectiveAddress, ulong realAddress) =>
        !IsEmpty && (effective.ContainsKey(Page(effectiveAddress)) || real.ContainsKey(Page(realAddress)));

    private static ulong Page(ulong address) => address & ~0xFFFUL;

    private void Add(Dictionary<ulong, int> pages, ulong address)
    {
        pages[Page(address)] = pages.GetValueOrDefault(Page(address)) + 1;
        IsEmpty = false;
    }

    private void Remove(Dictionary<ulong, int> pages, ulong address)
    {
        if (!pages.TryGetValue(Page(address), out int count))
            return;
        if (count > 1)
            pages[Page(address)] = count - 1;
        else
            pages.Remove(Page(address));
        IsEmpty = effective.Count + real.Count == 0;
    }
}
