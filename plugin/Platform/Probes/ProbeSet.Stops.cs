using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform.Probes;

/// <summary>What happens when a CPU comes to a place, a call is answered, or time passes.</summary>
public sealed unsafe partial class ProbeSet : IUltravisorEvents
{
    /// <summary>Ticks until a probe acts by itself or a CPU has been held for too long; <see cref="long.MaxValue"/> if nothing is due.</summary>
    public long TicksToNext
    {
        get
        {
            // Differences: a gate may wait for any number of ticks, and a sum would wrap.
            ulong left = long.MaxValue;
            foreach (Hold hold in held.Values)
            {
                ulong passed = Now - hold.Since;
                left = Math.Min(left, hold.Gates.Min(gate => Math.Max(gate.Until!.Ticks ?? LongestHold, passed) - passed));
            }

            return (long)left;
        }
    }

    /// <summary>A CPU stands at a breakpoint that it has not passed. Afterwards it is held, or goes on when it executes next.</summary>
    public void Stopped(Cpu cpu)
    {
        List<PlaceWatch> arrived = ArrivedAt(cpu, cpu.State->Nia);
        var gates = new List<Gate>();
        Override? over = null;
        foreach (Probe probe in probes)
        {
            if (!probe.Begun || probe.Over || !arrived.Contains(probe.At) || (probe is Override && over is not null) || !probe.At.Arrived())
                continue;
            probe.Acted++;
            if (probe is Gate gate)
                gates.Add(gate);
            else
                over = (Override)probe;
        }

        if (gates.Count != 0)
            HoldAt(cpu, gates, over);
        else
            GoOn(cpu, over);
        Happened(source => source.Place is { } place && arrived.Contains(place) && place.Arrived(), cpu);
    }

    /// <summary>
    /// Lets time-outs act. Returns what to tell a person if a CPU has been held for <see cref="LongestHold"/>: nothing will release it, and the run has to end.
    /// </summary>
    public string? Tick()
    {
        if (probes.Count == 0)
            return null;
        ulong now = Now;
        Happened(source => source.Ticks is { } ticks && now - waitingSince >= ticks, null);
        string[] stuck =
        [
            .. held
                .Where(pair => now - pair.Value.Since >= LongestHold && pair.Value.Gates.Exists(gate => gate.Until!.Ticks is null))
                .Select(pair => $"cpu{pair.Key.Pir} has been held at {pair.Value.Gates[0].At.Place} for {LongestHold / Cpu.TimeBaseFrequency} s of the machine's time, waiting for {pair.Value.Gates[0].Until!.Text}"),
        ];
        return stuck.Length == 0 ? null : string.Join("; ", stuck);
    }

    /// <summary>A line is complete on the console.</summary>
    public void SeeLine(string line) => Happened(source => source.Line is { } text && line.Contains(text, StringComparison.Ordinal), null);

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        UvEvent copy = happened;
        Happened(source => source.Answer is { } answer && answer.Sees(copy), null);
    }

    // When the event that is looked at began to be waited for.
    private ulong waitingSince;

    private List<PlaceWatch> ArrivedAt(Cpu cpu, ulong address)
    {
        var arrived = new List<PlaceWatch>();
        foreach (PlaceWatch watch in probes.SelectMany(WatchesOf))
        {
            if (!watch.Addresses.Contains(address) || !watch.Conditions.Hold(cpu, watch.Place, symbols))
                continue;
            if (!watch.Place.AtReturn)
            {
                arrived.Add(watch);
                continue;
            }

            ulong link = cpu.State->Spr[SprNumber.LR] & ~3UL;
            returning.Add(new Returning(watch, link, cpu.State->Gpr[1]));
            Break(link);
        }

        foreach (Returning one in returning.FindAll(one => one.Address == address && one.Stack == cpu.State->Gpr[1]))
        {
            returning.Remove(one);
            Unbreak(address);
            arrived.Add(one.Watch);
        }

        return arrived;
    }

    // Shows something that happened to all events that are waited for now.
    private void Happened(Func<ProbeEvent, bool> isIt, Cpu? arrived)
    {
        foreach (Probe probe in probes)
        {
            if (!probe.Begun)
            {
                waitingSince = probe.Since;
                if (isIt(probe.After!))
                    (probe.Begun, probe.Since) = (true, Now);
            }
            else if (probe.Until is { } until)
            {
                Cpu? waiting = held.FirstOrDefault(pair => pair.Value.Gates.Contains(probe)).Key;
                if ((probe is Gate && (waiting is null || waiting == arrived)) || probe.Over)
                    continue;
                waitingSince = waiting is null ? probe.Since : held[waiting].Since;
                if (!isIt(until))
                    continue;
                if (probe is Gate gate)
                    Release(gate, until.Text);
                else
                    probe.Over = true;
            }
        }
    }

    private void HoldAt(Cpu cpu, List<Gate> gates, Override? over)
    {
        held[cpu] = new Hold(gates, over, Now);
        foreach (Gate gate in gates.ToArray())
        {
            gate.Until!.Restart();
            Say(ProbeAct.Held, gate, cpu, $"held at {Where(cpu, gate)} until {gate.Until.Text}");
        }
    }

    private void Release(Gate gate, string why)
    {
        foreach ((Cpu cpu, Hold hold) in held.Where(pair => pair.Value.Gates.Contains(gate)).ToArray())
        {
            hold.Gates.Remove(gate);
            Say(ProbeAct.Released, gate, cpu, $"released at {Where(cpu, gate)} after {why}");
            if (hold.Gates.Count != 0)
                continue;
            held.Remove(cpu);
            GoOn(cpu, hold.Then);
        }
    }

    private void GoOn(Cpu cpu, Override? over)
    {
        if (over is null)
        {
            cpu.PassBreakpoint();
            return;
        }

        long old = (long)cpu.State->Gpr[3];
        cpu.State->Gpr[3] = over.Value;
        if (over.At.Place.AtReturn)
        {
            cpu.PassBreakpoint();
            Say(ProbeAct.Overridden, over, cpu, $"{over.At.Place} into {symbols.Describe(cpu.State->Nia)} made {(long)over.Value} of {old}");
            return;
        }

        cpu.State->Nia = cpu.State->Spr[SprNumber.LR] & ~3UL;
        Say(ProbeAct.Overridden, over, cpu, $"{over.At.Place}, called from {symbols.Describe(cpu.State->Nia)}, made to return {(long)over.Value}");
    }

    private string Where(Cpu cpu, Gate gate) => gate.At.Place.AtReturn ? $"{gate.At.Place} into {symbols.Describe(cpu.State->Nia)}" : $"{gate.At.Place}";

    // A CPU that stands at a place: the gates that hold it, what is to be done then, and since when.
    private sealed record Hold(List<Gate> Gates, Override? Then, ulong Since);
}
