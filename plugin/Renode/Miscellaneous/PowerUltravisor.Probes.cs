using Antmicro.Migrant;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>
/// Gates and overrides in the hypervisor's kernel, whose names come with <c>sysbus LoadELF</c>. They may be set before the machine is started. As hooks, they are not in a snapshot.
/// </summary>
public sealed partial class PowerUltravisor
{
    [Transient]
    private List<string>? gates;

    [Transient]
    private List<string>? overrides;

    private List<string> GateTexts => gates ??= [];

    private List<string> OverrideTexts => overrides ??= [];

    /// <summary>
    /// Holds a CPU at a place in the hypervisor's kernel, while others run, until something happens: "kvmppc_h_svm_page_in r5=1 until UV_PAGE_IN",
    /// "FUNCTION[+OFFSET] [at=return] [cpu=N] [r3=VALUE] [from=FUNCTION] [within=FUNCTION] [nth=N] [count=N] [after EVENT] until EVENT"; an event is another place, an ultracall or
    /// hypercall that was answered, ticks=N or console=TEXT.
    /// </summary>
    public void Gate(string gate) => AddProbe(GateTexts, Parsed(() => ProbeParser.ParseGate(gate)));

    /// <summary>Makes a function of the hypervisor's kernel return a value without executing it: "FUNCTION return=VALUE [conditions as for Gate] [after EVENT] [until EVENT]".</summary>
    public void Override(string function) => AddProbe(OverrideTexts, Parsed(() => ProbeParser.ParseOverride(function)));

    /// <summary>Gates and overrides, how often CPUs came to their places and how often they acted.</summary>
    public string Probes() =>
        shared?.Probes is { } probes ? ProbeText.Table(probes.All) : Numbered([.. GateTexts, .. OverrideTexts], "gates or overrides");

    /// <summary>Removes all gates and overrides; CPUs that are held go on.</summary>
    public void ClearProbes()
    {
        GateTexts.Clear();
        OverrideTexts.Clear();
        shared?.Between(() =>
        {
            shared.Probes?.Clear();
            foreach ((CPU.Power9 cpu, _) in shared.Members)
                cpu.ApplyHooks();
            return true;
        });
    }

    /// <summary>Sets what was asked for before power-on.</summary>
    internal void ApplyProbes()
    {
        foreach (Probe probe in GateTexts.Select(ProbeParser.ParseGate).Concat<Probe>(OverrideTexts.Select(ProbeParser.ParseOverride)))
        {
            try
            {
                Attach(probe);
            }
            catch (RequestException e)
            {
                this.Log(LogLevel.Error, "\"{0}\": {1}", probe.Text, e.Message);
            }
        }
    }

    private void AddProbe(List<string> texts, Probe probe)
    {
        Between(_ => Attach(probe));
        texts.Add(probe.Text);
    }

    private void Attach(Probe probe)
    {
        ProbeSet? before = shared!.Probes;
        ProbeSet probes = shared.UseProbes();
        if (before is null)
            probes.Acted += hit => this.Log(LogLevel.Info, "{0}", hit.Text);
        probes.Add(probe);
    }
}
