using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>--gate and --override: each act is a line on standard error, beside the one in the log of ultracalls.</summary>
internal static class ProbeReport
{
    /// <summary>Gives a machine its probes.</summary>
    /// <exception cref="OptionException">One names what is not there.</exception>
    public static void Attach(Machine machine, BootOptions options, MachineSymbols symbols)
    {
        if (options.Gates.Count + options.Overrides.Count == 0)
            return;
        ProbeSet probes = machine.UseProbes(symbols.Hypervisor);
        probes.Acted += hit => Console.Error.WriteLine($"uvmem: {hit.Text}");
        Add("--gate", probes, options.Gates);
        Add("--override", probes, options.Overrides);
    }

    private static void Add(string option, ProbeSet probes, IEnumerable<Probe> wanted)
    {
        foreach (Probe probe in wanted)
        {
            try
            {
                probes.Add(probe);
            }
            catch (RequestException problem)
            {
                throw new OptionException(option, $"\"{probe.Text}\": {problem.Message}");
            }
        }
    }
}
