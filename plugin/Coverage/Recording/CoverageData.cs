using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Recording;

/// <summary>What ran of a kernel's code, by world, in one run or several.</summary>
public sealed class CoverageData
{
    private readonly SortedDictionary<int, byte[]> worlds = [];

    /// <summary>Nothing ran yet.</summary>
    /// <param name="identity">Whose code it is: <see cref="KernelCode.Identity"/>.</param>
    /// <param name="start">Address of the first instruction.</param>
    /// <param name="count">Number of instructions.</param>
    public CoverageData(byte[] identity, ulong start, int count)
    {
        Identity = identity;
        Start = start;
        Count = count;
    }

    /// <summary>Whose code it is: <see cref="KernelCode.Identity"/>.</summary>
    public byte[] Identity { get; }

    /// <summary>Address of the first instruction.</summary>
    public ulong Start { get; }

    /// <summary>Number of instructions.</summary>
    public int Count { get; }

    /// <summary>LPIDs of the worlds in which something ran, ascending; 0 is the hypervisor.</summary>
    public IEnumerable<int> Worlds => worlds.Keys;

    /// <summary>What a recorder has noted so far.</summary>
    public static CoverageData Of(KernelCode code, CoverageRecorder recorder)
    {
        var data = new CoverageData(code.Identity, code.Start, recorder.Count);
        foreach (DebugContext world in recorder.Worlds)
            data.Add((int)world.Lpid, recorder.Of(world));
        return data;
    }

    /// <summary>Adds what ran in a world.</summary>
    /// <param name="lpid">LPID of the guest; 0: the hypervisor.</param>
    /// <param name="notes">For each instruction its <see cref="CoverageBits"/>.</param>
    public void Add(int lpid, ReadOnlySpan<byte> notes)
    {
        if (!worlds.TryGetValue(lpid, out byte[]? sum))
            worlds[lpid] = sum = new byte[Count];
        for (int n = 0; n < notes.Length; n++)
            sum[n] |= notes[n];
    }

    /// <summary>Adds another run of the same kernel; false if it is not the same.</summary>
    public bool TryAdd(CoverageData other)
    {
        if (!Identity.AsSpan().SequenceEqual(other.Identity) || Start != other.Start || Count != other.Count)
            return false;
        foreach ((int lpid, byte[] notes) in other.worlds)
            Add(lpid, notes);
        return true;
    }

    /// <summary>What ran in a world.</summary>
    public ReadOnlySpan<byte> Of(int lpid) => worlds[lpid];

    /// <summary>What is known of the instruction at an address in some worlds together.</summary>
    public CoverageBits At(ulong address, Func<int, bool> inWorlds)
    {
        ulong index = (address - Start) / 4;
        CoverageBits bits = CoverageBits.None;
        foreach ((int lpid, byte[] notes) in worlds)
        {
            if (index < (ulong)Count && inWorlds(lpid))
                bits |= (CoverageBits)notes[index];
        }

        return bits;
    }
}
