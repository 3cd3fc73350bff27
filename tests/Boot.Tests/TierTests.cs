using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Checking;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The secure story is the same whatever of it is translated, and whenever: to the instruction, the byte, and the line of the ultravisor's log.</summary>
public class TierTests
{
    private const ulong GiB = 1 << 30;

    // Which code is hot is up to samples; when a trace is ready, up to the host.
    private static readonly Hotness[] All = [new(5_000, 4), Hotness.Eager];

    [TestCaseSource(nameof(All))]
    public void The_story_is_the_same_with_the_translator(Hotness hotness)
    {
        BootRecord boot = BootRecord.Of(new BootPlan { Name = $"translated-{hotness.Distance}", Run = "secure", SecureMemory = GiB, Translated = hotness });
        Assert.Multiple(() =>
        {
            Assert.That(boot.Traces, Is.GreaterThan(100));
            Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
            Assert.That(boot.Instructions, Is.EqualTo(Boots.Secure.Instructions));
            Assert.That(boot.Output.AsSpan().SequenceEqual(Boots.Secure.Output), Is.True, "console");
            Assert.That(boot.Events.Select(Line).SequenceEqual(Boots.Secure.Events.Select(Line)), Is.True, "log of ultracalls");
        });
    }

    /// <summary>Interpreter and translator side by side, compared all the way.</summary>
    [Test]
    public void The_story_has_no_difference_in_check_mode([Values] bool portable)
    {
        var console = new SilentConsole();
        var warnings = new MachineWarnings();
        var host = new CheckedHost(console, warnings);
        using var interpreted = new Machine(BootRecord.Options("secure", GiB), host.Console, host.Log);
        using var translated = new Machine(BootRecord.Options("secure", GiB), host.OtherConsole, host.OtherLog);
        var check = new TierCheck(host, interpreted, translated, new MachineSymbols(), new TierCheckSettings { Portable = portable });
        RunResult result = check.Run(new RunLimits());
        Assert.Multiple(() =>
        {
            Assert.That(check.Difference?.What ?? [], Is.Empty);
            Assert.That(result.End, Is.EqualTo(RunEnd.PowerOff), result.Message);
            Assert.That(interpreted.Instructions, Is.EqualTo(Boots.Secure.Instructions), "a run that is compared is the same");
            Assert.That(console.Output.AsSpan().SequenceEqual(Boots.Secure.Output), Is.True, "console");
            Assert.That(check.Tally.Instructions, Is.GreaterThan(interpreted.Instructions / 2), "most is executed in traces");
        });
    }

    private static string Line(UvEvent happened) => EventText.Format(happened);
}
