using System.Text.Json;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using static RenodeUvmem.Tests.Shared.TraceRules;

namespace RenodeUvmem.Boot.Tests.Reports;

/// <summary>The trace of the secure story, as a viewer demands it, with what the log of the same run has.</summary>
public sealed class StoryTraceTests
{
    private static readonly ProgramRun Run = ProgramRuns.Secure[1];
    private readonly JsonElement[] events = Check(File.ReadAllBytes(Run.PathOf("trace.json")));

    [Test]
    public void HasTheTracks() => Assert.That(
        events.Where(one => Phase(one) == "M" && Name(one) == "thread_name").Select(one => Argument(one, "name")),
        Is.SupersetOf((string[])["CPU 0", "CPU 0, ultravisor", "life", "calls", "page states", "ultracalls, CPU 0"]));

    [Test]
    public void CpuIsInEachState() => Assert.That(
        events.Where(one => Phase(one) == "X" && one.GetProperty("cat").GetString() == "CPU").Select(Name).Distinct(),
        Is.SupersetOf((string[])["hypervisor", "guest 1", "secure guest 1", "ultravisor"]));

    [TestCase("UV_SHARE_PAGE")]
    [TestCase("UV_PAGE_IN")]
    [TestCase("UV_RETURN")]
    public void CallsAsInTheLog(string name) => Assert.That(
        events.Count(one => Name(one) == name && Phase(one) is "E" or "X" && Argument(one, "result") is not null && Name(one) == name),
        Is.EqualTo(File.ReadAllLines(Run.PathOf("ucalls.txt")).Count(line => line.Contains($" {name}(", StringComparison.Ordinal))));

    /// <summary>A share of swiotlb's 1,024 pages has as many calls of the hypervisor within it.</summary>
    [Test]
    public void LargeShareHasItsCallsWithin()
    {
        int begin = Array.FindIndex(events, one => Phase(one) == "B" && Name(one) == "UV_SHARE_PAGE" && Argument(one, "count") == "1024");
        int end = Array.FindIndex(events, begin, one => Phase(one) == "E" && Name(one) == "UV_SHARE_PAGE");
        JsonElement[] within = [.. events[begin..end].Where(one => Track(one) == Track(events[begin]))];
        Assert.That(within.Count(one => Phase(one) == "B" && Name(one) == "H_SVM_PAGE_IN"), Is.EqualTo(1024));
        Assert.That(within.Count(one => Phase(one) == "X" && Name(one) == "UV_PAGE_IN"), Is.EqualTo(1024));
    }
}
