using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Platform.Snapshots;

/// <summary>
/// A machine at one moment, kept in the host's memory. Machines that begin there go on as the kept one would have, each for itself. What is the host's
/// (breaks, gates, overrides, texts that are looked for) is not in it, as in a file.
/// </summary>
public sealed unsafe class MachineImage
{
    private const int BlockSize = (int)PhysicalMemory.Unit;
    private const int PageSize = 0x1000;

    private readonly byte[] state;

    // Contents of the blocks that are not all zero, by real address.
    private readonly Dictionary<ulong, byte[]> blocks = [];

    /// <summary>Keeps a machine that is at rest: between two runs, or in <see cref="Machine.AtRest"/>.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="begun">The image at which it began, or null: blocks that are the same are kept once.</param>
    /// <exception cref="InvalidOperationException">A setting of its ultravisor is code.</exception>
    public MachineImage(Machine machine, MachineImage? begun = null)
    {
        var writer = new SnapshotWriter(machine.Fingerprint);
        machine.SaveAll(writer);
        state = writer.ToArray();
        foreach (RamRange range in machine.Memory.Ranges)
            Keep(range, begun);
    }

    /// <summary>Bytes that it takes, those that it has in common with another included.</summary>
    public long Size => state.Length + ((long)blocks.Count * BlockSize);

    /// <summary>A machine that begins here.</summary>
    /// <param name="console">The host's end of its console.</param>
    /// <param name="log">Takes remarks.</param>
    /// <param name="change">Changes settings of the ultravisor that count from now on, or null.</param>
    /// <exception cref="OptionException">This host can't give the memory.</exception>
    public Machine Start(IConsole console, IMachineLog log, Func<UltravisorOptions, UltravisorOptions>? change = null) =>
        Machine.Restore(new SnapshotReader(state), Fill, console, log, change);

    /// <summary>Takes a machine back, or on, to here. It keeps what is the host's: listeners, and traces of code that is the same here.</summary>
    /// <param name="machine">One that is made like the kept one, at rest.</param>
    public void Return(Machine machine)
    {
        foreach (RamRange range in machine.Memory.Ranges)
            Return(machine.Memory, range);
        machine.LoadAll(new SnapshotReader(state, machine.Fingerprint));
    }

    private void Return(PhysicalMemory memory, RamRange range)
    {
        byte* host = range.HostIfGiven;
        var zero = new byte[BlockSize];
        if (host != null)
        {
            foreach ((ulong offset, ulong length) in range.IsOwned ? HostPages.Used(host, range.Size, BlockSize) : [(0, range.Size)])
            {
                for (ulong at = offset; at < offset + length; at += BlockSize)
                {
                    if (!blocks.ContainsKey(range.Base + at))
                        Put(memory, range.Base + at, zero);
                }
            }
        }

        foreach ((ulong real, byte[] block) in blocks)
        {
            if (real >= range.Base && real - range.Base < range.Size)
                Put(memory, real, block);
        }
    }

    private static void Put(PhysicalMemory memory, ulong real, ReadOnlySpan<byte> block)
    {
        var place = new Span<byte>(memory.Pointer(real, BlockSize), BlockSize);
        for (int at = 0; at < BlockSize; at += PageSize)
        {
            ReadOnlySpan<byte> page = block.Slice(at, PageSize);
            if (page.SequenceEqual(place.Slice(at, PageSize)))
                continue;
            page.CopyTo(place[at..]);
            memory.InvalidateCode(real + (ulong)at, PageSize);
        }
    }

    private void Keep(RamRange range, MachineImage? begun)
    {
        byte* host = range.HostIfGiven;
        if (host == null)
            return;
        foreach ((ulong offset, ulong length) in range.IsOwned ? HostPages.Used(host, range.Size, BlockSize) : [(0, range.Size)])
        {
            for (ulong at = offset; at < offset + length; at += BlockSize)
            {
                var content = new ReadOnlySpan<byte>(host + at, BlockSize);
                if (content.ContainsAnyExcept((byte)0))
                    blocks.Add(range.Base + at, begun?.Same(range.Base + at, content) ?? content.ToArray());
            }
        }
    }

    private byte[]? Same(ulong real, ReadOnlySpan<byte> content) =>
        blocks.TryGetValue(real, out byte[]? block) && content.SequenceEqual(block) ? block : null;

    private void Fill(Machine machine)
    {
        foreach ((ulong real, byte[] block) in blocks)
            block.CopyTo(new Span<byte>(machine.Memory.Pointer(real, BlockSize), BlockSize));
    }
}
