using System.Text.Json;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;
using static RenodeUvmem.Tests.Shared.TraceRules;

namespace RenodeUvmem.Ultravisor.Tests.Events;

/// <summary>The JSON trace: what a viewer demands, and what a person must find in it.</summary>
public unsafe class TraceTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void ShareIsAroundWhatTheHypervisorDoesForIt()
    {
        using Bench bench = new Bench().Running();
        JsonElement[] events = Traced(bench, () => bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2));
        JsonElement first = events.Single(one => Phase(one) == "B" && Name(one) == "UV_SHARE_PAGE");
        Assert.That(Argument(first, "gfn"), Is.EqualTo("0x8"));
        Assert.That(Argument(first, "count"), Is.EqualTo("2"));
        string[] within = [.. events.Where(one => Track(one) == Track(first) && Phase(one) is "B" or "E" or "X").Select(one => Phase(one) + " " + Name(one))];

        // kvmppc_share_page: one UV_PAGE_IN in each H_SVM_PAGE_IN.
        string[] page = ["B H_SVM_PAGE_IN", "X UV_PAGE_IN", "E H_SVM_PAGE_IN", "X UV_RETURN"];
        Assert.That(within, Is.EqualTo((string[])["B UV_SHARE_PAGE", .. page, .. page, "E UV_SHARE_PAGE"]));
        JsonElement end = events.Single(one => Phase(one) == "E" && Name(one) == "UV_SHARE_PAGE");
        Assert.That(Argument(end, "result"), Is.EqualTo("0"));
    }

    [Test]
    public void RefusalIsSeen()
    {
        using Bench bench = new Bench().Running();
        JsonElement[] events = Traced(bench, () => bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, 9 * Frame, 16));
        JsonElement call = events.Single(one => Name(one) == "UV_PAGE_INVAL");
        Assert.That(Argument(call, "result"), Is.EqualTo("-55 (U_P2)"));
        Assert.That(TrackName(events, call), Is.EqualTo("ultracalls, CPU 0"), "no guest asked for it");
    }

    [Test]
    public void LifeOfAnSvm()
    {
        using var bench = new Bench();
        JsonElement[] events = Traced(bench, () =>
        {
            bench.GoSecure();
            bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        });
        string[] life = [.. events.Where(one => Phase(one) is "B" or "E" && TrackName(events, one) == "life").Select(one => Phase(one) + " " + Name(one))];
        Assert.That(life, Is.EqualTo((string[])["B Starting", "E Starting", "B Secure", "E Secure"]));
        string[] given = ["1", "2", "3", "4", "5", "6"];
        Assert.That(Pages(events, PageState.SHARED_IMPLICIT), Is.EqualTo((string[])[.. given, "0", .. given, "0"]), "the pages for RTAS, given twice, until it ends");
    }

    [Test]
    public void AbortEndsEverySpan()
    {
        using var bench = new Bench { Hook = (call, _) => call == HCall.H_SVM_INIT_DONE ? UReturn.U_STATE : null };
        JsonElement[] events = Traced(bench, () => bench.GoSecure());
        JsonElement end = events.Single(one => Phase(one) == "E" && Name(one) == "UV_ESM");
        Assert.That(Argument(end, "result"), Does.Contain("U_PARAMETER"));
        JsonElement abort = events.Single(one => Phase(one) == "E" && Name(one) == "H_SVM_INIT_ABORT");
        Assert.That(Argument(abort, "ended"), Is.EqualTo("SVM terminated"), "its answer goes to the guest");
    }

    [Test]
    public void CpusByState()
    {
        using Bench bench = new Bench().Running();
        JsonElement[] events = Traced(bench, () =>
        {
            bench.Cpu.Skip(1024);
            bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
            bench.Cpu.Skip(512);
        });
        JsonElement[] states = [.. events.Where(one => Phase(one) == "X" && TrackName(events, one) == "CPU 0")];
        Assert.That(states.Select(Name).Distinct(), Is.EqualTo((string[])["secure guest 1"]), "the stand-in for the hypervisor takes no time");
        Assert.That(events.Count(one => Phase(one) == "X" && TrackName(events, one) == "CPU 0, ultravisor"), Is.EqualTo(3), "sc 2, the hypervisor's UV_PAGE_IN, UV_RETURN");
        Assert.That(states.Sum(one => one.GetProperty("dur").GetDouble()), Is.EqualTo(3), "1,536 ticks of 512 MHz in microseconds");
        Assert.That(states[^1].GetProperty("dur").GetDouble(), Is.EqualTo(1));
    }

    /// <summary>Counters are those of all frames, and spans that began before the trace are left out, whenever it begins.</summary>
    [Test]
    public void TraceThatBeginsLate()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 3);
        bench.Cpu.Skip(Cpu.TimeBaseFrequency / 2);
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 11, 1);
        JsonElement[] events = Traced(bench, bench.Serve);
        Assert.That(events.Where(one => Name(one) is "UV_SHARE_PAGE" or "H_SVM_PAGE_IN").Select(Phase), Is.All.EqualTo("X"));
        Assert.That(Time(events.First(one => Phase(one) != "M")), Is.EqualTo(500_000), "half a second in microseconds");
        Assert.That(events.Where(one => Phase(one) == "B").Select(Name), Is.EqualTo((string[])[nameof(SvmState.Secure)]));
        Assert.That(Pages(events, PageState.SHARED), Is.EqualTo((string[])["3", "4"]), "three were shared before");
    }

    [Test]
    public void ChangesOfManyPagesAtOnceAreOneEvent()
    {
        using Bench bench = new Bench().Running();
        JsonElement[] events = Traced(bench, () => bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 5));
        JsonElement change = events.Single(one => Phase(one) == "i" && Name(one).EndsWith("HV_SHARED to SHARED", StringComparison.Ordinal));
        Assert.That(Name(change), Does.StartWith("5 pages"));
        Assert.That(Argument(change, "first gpa"), Is.EqualTo("0x80000"));
        Assert.That(Argument(change, "last gpa"), Is.EqualTo("0xc0000"));
    }

    private static IEnumerable<string?> Pages(JsonElement[] events, PageState state) =>
        events.Where(one => Phase(one) == "C" && Name(one) == $"pages {state}").Select(one => Argument(one, "pages"));

    private static JsonElement[] Traced(Bench bench, Action run)
    {
        using var stream = new MemoryStream();
        using (var trace = new EventTrace(stream, bench.Uv))
        {
            bench.Uv.Events.Add(trace);
            trace.Watch(bench.Cpu);
            run();
            bench.Uv.Events.Remove(trace);
        }

        return Check(stream.ToArray());
    }
}
