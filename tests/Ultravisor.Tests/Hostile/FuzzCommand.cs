using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile;

/// <summary>The long run as a command: <c>./scripts/fuzz.sh</c>.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        usage: ./scripts/fuzz.sh [--operations N] [--seed S] [--generator NAME] [--journal FILE]
               ./scripts/fuzz.sh --generator NAME --case SEED [--only N,N,...]

        Random hostile callers against the ultravisor and the CPU; ends at the first property that does not hold, with the command that shows it again.
          --operations N   so many for each generator; default 100000
          --seed S         all randomness comes from it; default 1
          --generator NAME only this one; default: all, in turns
          --case SEED      one case again, told operation by operation
          --only N,N,...   only these operations of it
          --journal FILE   holds the command for the case that runs, for when the process itself dies
        Exit code 0: all properties held. 1: one did not. 2: wrong usage.
        """;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    public static int Main(string[] arguments)
    {
        var options = new Dictionary<string, string>();
        for (int n = 0; n < arguments.Length; n += 2)
        {
            if (n + 1 == arguments.Length || arguments[n] is not ("--operations" or "--seed" or "--generator" or "--case" or "--only" or "--journal"))
                return Wrong(arguments[n] is "--help" or "-h" ? null : $"{arguments[n]}: not an option, or its value is missing");
            options[arguments[n][2..]] = arguments[n + 1];
        }

        Generator? only = null;
        if (options.TryGetValue("generator", out string? name) && (only = Generators.Find(name)) is null)
            return Wrong($"no generator is called {name}");
        if (!Number(options, "operations", 100_000, out ulong operations) || !Number(options, "seed", 1, out ulong seed) || !Number(options, "case", 0, out ulong again))
            return Wrong("--operations, --seed and --case take numbers");
        if (!options.ContainsKey("case"))
            return Run(only is null ? Generators.All : [only], (long)operations, seed, options.GetValueOrDefault("journal"));
        if (only is null)
            return Wrong("--case needs --generator");
        List<int>? chosen = null;
        if (options.TryGetValue("only", out string? list))
        {
            chosen = [];
            foreach (string part in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!int.TryParse(part, CultureInfo.InvariantCulture, out int operation))
                    return Wrong($"--only {list}: {part} is no number");
                chosen.Add(operation);
            }
        }

        return Replay(new Case(only, again, chosen));
    }

    private static int Wrong(string? problem)
    {
        if (problem is not null)
            Console.Error.WriteLine($"fuzz: {problem}");
        Console.Error.WriteLine(Usage);
        foreach (Generator generator in Generators.All)
            Console.Error.WriteLine($"  {generator.Name,-12} {generator.About}");
        return problem is null ? 0 : 2;
    }

    private static bool Number(Dictionary<string, string> options, string name, ulong otherwise, out ulong value)
    {
        value = otherwise;
        return !options.TryGetValue(name, out string? text) || ulong.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    private static int Replay(Case again)
    {
        var story = new Story(kept: true);
        Failure? failure = again.Run(story);
        foreach (string line in story.Lines)
            Console.WriteLine(line);
        Console.WriteLine(failure?.Message ?? $"{again.Done} operations, all properties held");
        return failure is null ? 0 : 1;
    }

    // One case of each generator in turn, so that a run that is ended early has tried them all.
    private static int Run(IReadOnlyList<Generator> generators, long operations, ulong seed, string? journal)
    {
        using var watchdog = new Watchdog(journal);
        Campaign[] campaigns = [.. generators.Select(generator => new Campaign(generator, seed, watchdog))];
        var clock = Stopwatch.StartNew();
        TimeSpan told = TimeSpan.Zero;
        while (campaigns.Any(campaign => campaign.Operations < operations))
        {
            foreach (Campaign campaign in campaigns.Where(campaign => campaign.Operations < operations))
            {
                if (campaign.Next() is { } broken)
                {
                    Console.WriteLine(Report.Of(broken.Case, broken.Failure));
                    return 1;
                }
            }

            if (clock.Elapsed - told < ProgressEvery)
                continue;
            told = clock.Elapsed;
            long done = campaigns.Sum(campaign => campaign.Operations);
            Console.WriteLine($"{told:hh\\:mm\\:ss}  {done:N0} of {operations * campaigns.Length:N0} operations, {done / told.TotalSeconds:N0}/s");
        }

        for (int n = 0; n < campaigns.Length; n++)
        {
            Campaign campaign = campaigns[n];
            Console.WriteLine($"{generators[n].Name,-12} {campaign.Operations,12:N0} operations on {campaign.Cases,8:N0} machines, {campaign.Operations / campaign.Elapsed.TotalSeconds,8:N0}/s");
        }

        Console.WriteLine($"seed {seed}: {campaigns.Sum(campaign => campaign.Operations):N0} operations in {clock.Elapsed:hh\\:mm\\:ss}, all properties held");
        return 0;
    }
}
