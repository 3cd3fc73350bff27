using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Boot.Tests;

/// <summary>
/// The programs by which speed is measured (firmware/common/bench), with a small part of their work, in the hypervisor and in both kinds of guests, interpreted and translated.
/// What their sums must be says the same source, compiled for this host.
/// </summary>
public class BenchTests
{
    private const string Alone = "bench";
    private const string Secure = "bench-guest";
    private const string Normal = "normal-bench-guest";
    private const string Calls = "calls";

    // Thousandths: enough for code to get hot.
    private const int Part = 10;

    private static readonly Dictionary<bool, Lazy<BootRecord>> Boot = new bool[] { false, true }.ToDictionary(translated => translated, translated => new Lazy<BootRecord>(() => BootRecord.Of(new BootPlan
    {
        Name = translated ? "bench-translated" : "bench",
        Run = $"script:{Alone},{Secure},{Normal},{Calls} uvmem.part={Part.ToString(CultureInfo.InvariantCulture)}",
        SecureMemory = 1UL << 30,
        Translated = translated ? Hotness.Eager : null,
    })));

    [Test]
    public void SumIsThatOfThisHost(
        [Values("integer", "floating", "vector", "chase", "system-calls", "forks")] string program, [Values(Alone, Secure, Normal)] string where, [Values] bool translated) =>
        Assert.That(SumOf(Boot[translated].Value, where, program), Is.EqualTo(Here(program)));

    /// <summary>Each call succeeds; how many there are stands in the first line.</summary>
    [Test]
    public void CallsSucceed([Values("hypercalls", "ultracalls", "shares")] string calls, [Values] bool translated)
    {
        BootRecord boot = Boot[translated].Value;
        long times = long.Parse(Line(boot, Calls, $"bench {calls} begin"), CultureInfo.InvariantCulture);
        Assert.That(times, Is.Positive);
        Assert.That(SumOf(boot, Calls, calls), Is.EqualTo(times.ToString("x16", CultureInfo.InvariantCulture)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void HypervisorPowersOff(bool translated)
    {
        BootRecord boot = Boot[translated].Value;
        Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
        boot.HasLine("RUN PASS");
    }

    /// <summary>Which of the two tiers executes makes no difference to the run.</summary>
    [Test]
    public void TranslatedRunIsTheSame()
    {
        Assert.That(Boot[true].Value.Instructions, Is.EqualTo(Boot[false].Value.Instructions));
        Assert.That(Boot[true].Value.Output.AsSpan().SequenceEqual(Boot[false].Value.Output), Is.True, "console");
    }

    private static string SumOf(BootRecord boot, string script, string program) => Line(boot, script, $"bench {program} end");

    // What stands behind a text on the console.
    private static string Line(BootRecord boot, string script, string text)
    {
        string[] lines = [.. boot.Row(script).Lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(1), text);
        string line = lines[0];
        return line[(line.IndexOf(text, StringComparison.Ordinal) + text.Length + 1)..].TrimEnd();
    }

    private static string Here(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(Images.BenchHere, [program, Part.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output.TrimEnd().Split(' ')[^1];
    }
}
