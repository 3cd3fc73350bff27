using System.Globalization;
using NUnit.Framework;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>Debian's perf in the hypervisor: counts of a loop and of one with twice the turns (firmware/host/scripts/perf). ./scripts/setup.sh --kernel selftest brings it.</summary>
public class PerfTests
{
    private const string Short = "20000";
    private const string Long = "40000";
    private const double SamplePeriod = 1000003;

    // Ticks of the time base in a millisecond; task-clock is in milliseconds, and a cycle is a tick here.
    private const double TicksPerMillisecond = 512000;

    private static readonly OtherKernel Kernel = new("selftest", "script:normal-perf", ultravisor: false);

    // What the program does besides its loop, twice.
    private const double StartUp = 2_000_000;

    [Test]
    public void TwiceTheTurnsAreTwiceTheCount([Values("instructions:u", "cycles:u", "instructions", "cycles")] string name) =>
        Assert.That(Count(Long, name), Is.EqualTo(2 * Count(Short, name)).Within(StartUp));

    [Test]
    public void BranchesAreCounted() =>
        Assert.That(Count("10000", "branches:u"), Is.GreaterThan(StartUp).And.EqualTo(2 * Count("5000", "branches:u")).Within(StartUp / 10));

    [Test]
    public void CyclesAndTheClockAgree() => Assert.That(Count(Long, "cycles") / Count(Long, "task-clock"), Is.EqualTo(TicksPerMillisecond).Within(1).Percent);

    [Test]
    public void TheKernelsShareIsSmallAndNotNone() =>
        Assert.That(Count(Long, "instructions") - Count(Long, "instructions:u"), Is.InRange(10_000, 0.02 * Count(Long, "instructions")));

    [Test]
    public void EachPeriodIsASample() => Assert.That(Count(Long, "samples"), Is.EqualTo(Count(Long, "cycles:u") / SamplePeriod).Within(1).Percent);

    private static double Count(string turns, string name)
    {
        string before = $"PERF {turns} {name} ";
        string? line = Kernel.Lines.FirstOrDefault(text => text.StartsWith(before, StringComparison.Ordinal));
        Assert.That(line, Is.Not.Null, $"no line {before}");
        return double.Parse(line![before.Length..], CultureInfo.InvariantCulture);
    }
}
