using System.Text;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Uvmem.Options;
using RenodeUvmem.Uvmem.Reporting;

namespace RenodeUvmem.Uvmem;

/// <summary>--log-ucalls, --trace and --uv-rule at the machine's ultravisor.</summary>
internal sealed class UltravisorWatch : IDisposable
{
    private readonly List<IDisposable> writers = [];

    /// <exception cref="OptionException">A file can't be written.</exception>
    public UltravisorWatch(Machine machine, BootOptions options, OutputFiles files)
    {
        if (machine.Ultravisor is not { } ultravisor)
            return;
        var takers = new List<IUltravisorEvents>();
        if (options.LogUcalls)
        {
            TextWriter target = Console.Error;
            if (options.LogUcallsFile is { } path)
            {
                target = new StreamWriter(files.Create("--log-ucalls", path), new UTF8Encoding(false), 1 << 16);
                writers.Add(target);
            }

            takers.Add(new UltravisorLog(target));
        }

        if (options.Trace is { } trace)
        {
            var writer = new UltravisorTrace(files.Create("--trace", trace));
            writers.Add(writer);
            takers.Add(writer);
        }

        if (takers.Count > 0)
            ultravisor.Events = takers.Count == 1 ? takers[0] : new UltravisorEventFan(takers);
        AddRules(ultravisor, options.UvRules);
    }

    public void Dispose()
    {
        foreach (IDisposable writer in writers)
            writer.Dispose();
    }

    private static void AddRules(UltravisorModel ultravisor, IEnumerable<string> rules)
    {
        foreach (string rule in rules)
        {
            try
            {
                ultravisor.Rules.Add(RuleParser.Parse(rule));
            }
            catch (FormatException e)
            {
                throw new OptionException("--uv-rule", e.Message);
            }
        }
    }
}
