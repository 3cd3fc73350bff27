using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Platform.Probes;

/// <summary>
/// Gates and overrides of a machine. It knows CPUs, symbols and the ultravisor's events; who gives CPUs their turns calls <see cref="Stopped"/> when one stands
/// at a breakpoint, gives none to a CPU that <see cref="IsHeld"/>, calls <see cref="Tick"/> now and then, and shows lines of the console to
/// <see cref="SeeLine"/>. Without probes nothing is watched.
/// Probes and held CPUs are the host's: a snapshot has neither, and a CPU that was held goes on from its place.
/// </summary>
public sealed unsafe partial class ProbeSet
{
    /// <summary>Ticks that a CPU is held at most; then nothing is expected to release it.</summary>
    public const ulong LongestHold = 5 * Cpu.TimeBaseFrequency;

    private readonly IReadOnlyList<Cpu> cpus;
    private readonly SymbolTable symbols;
    private readonly UltravisorModel? ultravisor;
    private readonly List<Probe> probes = [];
    private readonly Dictionary<Cpu, Hold> held = [];
    private readonly List<Returning> returning = [];
    private bool listening;

    /// <summary>No probes yet.</summary>
    /// <param name="cpus">All CPUs of the machine.</param>
    /// <param name="symbols">The hypervisor's functions.</param>
    /// <param name="ultravisor">The ultravisor, or null.</param>
    public ProbeSet(IReadOnlyList<Cpu> cpus, SymbolTable symbols, UltravisorModel? ultravisor)
    {
        this.cpus = cpus;
        this.symbols = symbols;
        this.ultravisor = ultravisor;
    }

    /// <summary>Told of each act, while the CPU stands at the place.</summary>
    public event Action<ProbeHit>? Acted;

    /// <summary>All probes, in the order in which they were added.</summary>
    public IReadOnlyList<Probe> All => probes;

    /// <summary>Whether a CPU must not execute.</summary>
    public bool IsHeld(Cpu cpu) => held.ContainsKey(cpu);

    /// <summary>Adds a probe.</summary>
    /// <exception cref="RequestException">It names a function that the kernel has not, or a call on a machine without an ultravisor.</exception>
    public void Add(Probe probe)
    {
        var places = new KernelPlaces(symbols, cpus[0].Memory);
        foreach (PlaceWatch watch in WatchesOf(probe))
        {
            watch.Addresses = places.Find(watch.Place);
            places.Check(watch.Conditions.From);
            places.Check(watch.Conditions.Within);
        }

        bool listens = probe.After?.Answer is not null || probe.Until?.Answer is not null;
        if (listens && ultravisor is null)
            throw new RequestException($"\"{probe.Text}\" waits for a call, and the machine has no ultravisor");
        if (listens && !listening)
            ultravisor!.Events.Add(this);
        listening |= listens;
        foreach (ulong address in WatchesOf(probe).SelectMany(watch => watch.Addresses))
            Break(address);
        probe.Since = Now;
        probe.Begun = probe.After is null;
        probes.Add(probe);
    }

    /// <summary>Removes a probe; CPUs that it holds go on. False if it was not there.</summary>
    public bool Remove(Probe probe)
    {
        if (!probes.Remove(probe))
            return false;
        if (probe is Gate gate)
            Release(gate, "the gate was removed");
        foreach (ulong address in WatchesOf(probe).SelectMany(watch => watch.Addresses))
            Unbreak(address);
        return true;
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        foreach (Probe probe in probes.ToArray())
            Remove(probe);
    }

    private ulong Now => cpus[0].Ticks;

    private static IEnumerable<PlaceWatch> WatchesOf(Probe probe)
    {
        yield return probe.At;
        if (probe.After?.Place is { } after)
            yield return after;
        if (probe.Until?.Place is { } until)
            yield return until;
    }

    private void Say(ProbeAct act, Probe probe, Cpu cpu, string text)
    {
        ultravisor?.RecordHost(cpu.Pir, text);
        Acted?.Invoke(new ProbeHit(act, probe, cpu, $"cpu{cpu.Pir} {text}"));
    }
}
