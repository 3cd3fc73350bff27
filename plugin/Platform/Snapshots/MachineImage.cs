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
    // One array can't hold more than 2 GiB.
    private const ulong LongestRun = 64UL << 20;

    private readonly byte[] state;
    private readonly List<(ulong Real, byte[] Bytes)> memory = [];

    /// <summary>Keeps a machine that is at rest: between two runs, or in <see cref="Machine.AtRest"/>.</summary>
    /// <exception cref="InvalidOperationException">A setting of its ultravisor is code.</exception>
    public MachineImage(Machine machine)
    {
        var writer = new SnapshotWriter(machine.Fingerprint);
        machine.SaveAll(writer);
        state = writer.ToArray();
        foreach (RamRange range in machine.Memory.Ranges)
            Keep(range);
    }

    /// <summary>Bytes that it takes.</summary>
    public long Size => state.Length + memory.Sum(block => (long)block.Bytes.Length);

    /// <summary>A machine that begins here.</summary>
    /// <param name="console">The host's end of its console.</param>
    /// <param name="log">Takes remarks.</param>
    /// <param name="change">Changes settings of the ultravisor that count from now on, or null.</param>
    /// <exception cref="OptionException">This host can't give the memory.</exception>
    public Machine Start(IConsole console, IMachineLog log, Func<UltravisorOptions, UltravisorOptions>? change = null) =>
        Machine.Restore(new SnapshotReader(state), Fill, console, log, change);

    // Runs of blocks that are not all zero.
    private void Keep(RamRange range)
    {
        byte* host = range.HostIfGiven;
        if (host == null)
            return;
        foreach ((ulong offset, ulong length) in HostPages.Used(host, range.Size, PhysicalMemory.Unit))
        {
            for (ulong begin = offset; begin < offset + length; begin += PhysicalMemory.Unit)
            {
                ulong end = begin;
                while (end < offset + length && end - begin < LongestRun && new ReadOnlySpan<byte>(host + end, (int)PhysicalMemory.Unit).ContainsAnyExcept((byte)0))
                    end += PhysicalMemory.Unit;
                if (end == begin)
                    continue;
                memory.Add((range.Base + begin, new ReadOnlySpan<byte>(host + begin, (int)(end - begin)).ToArray()));
                begin = end - PhysicalMemory.Unit;
            }
        }
    }

    private void Fill(Machine machine)
    {
        foreach ((ulong real, byte[] bytes) in memory)
            bytes.CopyTo(new Span<byte>(machine.Memory.Pointer(real, (ulong)bytes.Length), bytes.Length));
    }
}
