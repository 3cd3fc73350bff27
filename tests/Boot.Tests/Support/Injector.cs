using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Probes;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>Puts rules, gates and overrides in force while the row that they belong to runs.</summary>
internal sealed class Injector(Machine machine, BootPlan plan)
{
    private bool heard;

    /// <summary>Told of what gates and overrides do.</summary>
    public event Action<ProbeHit>? Acted;

    /// <summary>A line of the hypervisor's console.</summary>
    public void SeeLine(string line)
    {
        if (line.Split(' ') is not ["CASE", var row, var word, ..] || !plan.Injections.TryGetValue(row, out Injection? injection))
            return;
        if (word == "BEGIN")
            Begin(injection);
        else
            End();
    }

    /// <summary>What applies from power-on.</summary>
    public void PowerOn()
    {
        if (plan.PowerOn is { } injection)
            Begin(injection);
    }

    private void Begin(Injection injection)
    {
        foreach (string rule in injection.Rules)
            machine.Ultravisor!.Rules.Add(rule);
        if (injection.Gates.Length + injection.Overrides.Length == 0)
            return;
        ProbeSet probes = machine.UseProbes(Kernel.Functions);
        if (!heard)
            probes.Acted += hit => Acted?.Invoke(hit);
        heard = true;
        foreach (string gate in injection.Gates)
            probes.Add(ProbeParser.ParseGate(gate));
        foreach (string over in injection.Overrides)
            probes.Add(ProbeParser.ParseOverride(over));
    }

    private void End()
    {
        machine.Ultravisor!.Rules.Clear();
        machine.Probes?.Clear();
    }
}
