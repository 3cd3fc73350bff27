using System.Text.Json;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Events;

/// <summary>Those who take events: several, coming and going at run time.</summary>
public unsafe class ListenerTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void ListenersComeAndGo()
    {
        using Bench bench = new Bench().Running();
        List<string> lines = [];
        var log = new UcallLog(lines.Add);
        bench.Uv.Events.Add(log);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        int heard = lines.Count;
        Assert.That(lines, Is.EqualTo(bench.Log.Events.Select(happened => EventText.Format(happened))));
        Assert.That(bench.Uv.Events.Remove(log), Is.True);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 9, 1);
        Assert.That(lines, Has.Count.EqualTo(heard));
        Assert.That(bench.Log.Events, Has.Count.GreaterThan(heard));
        Assert.That(bench.Uv.Events.Remove(log), Is.False);
    }

    [Test]
    public void ListenerMayLeaveWhileItListens()
    {
        using Bench bench = new Bench().Running();
        var once = new Once(bench.Uv.Events);
        bench.Uv.Events.Add(once);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        Assert.That(once.Count, Is.EqualTo(1));
    }

    [Test]
    public void LinesNameTheFunctionThatAsked()
    {
        using Bench bench = new Bench().Running();
        List<string> lines = [];
        bench.Uv.Events.Add(new UcallLog(lines.Add, new TwoTables()));
        bench.S->Spr[SprNumber.LR] = 0x5010;
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 1);
        bench.S->Spr[SprNumber.LR] = 0x6010;
        bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, 9 * Frame, 16);
        Assert.That(lines.Single(line => line.Contains("UV_SHARE_PAGE", StringComparison.Ordinal)), Does.EndWith("UV_SHARE_PAGE(gfn=0x8, count=1) -> 0 from guest 1 share+0x10"), "LR, since the call was made in the stub");
        Assert.That(lines[^1], Does.EndWith("UV_PAGE_INVAL(gpa=0x90000, order=16) -> -55 (U_P2) from inval+0xffc"), "the place itself");
        bench.S->Spr[SprNumber.LR] = 0x9999;
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 10, 1);
        Assert.That(lines[^1], Does.EndWith("-> 0 from 0x9999"), "a caller without a name");
    }

    /// <summary>Viewers want complete JSON, spans that end where they began, and counters of all frames, whenever the trace began.</summary>
    [Test]
    public void TraceThatBeginsLate()
    {
        using Bench bench = new Bench().Running();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 3);
        using var stream = new MemoryStream();
        using (var trace = new EventTrace(stream, bench.Uv))
        {
            bench.Uv.Events.Add(trace);
            bench.Cpu.Skip(Cpu.TimeBaseFrequency / 2);
            bench.GuestCall(UltraCall.UV_SHARE_PAGE, 11, 1);
            bench.Uv.Events.Remove(trace);
        }

        JsonElement[] events = [.. JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("traceEvents").EnumerateArray()];
        string[] phases = [.. events.Select(one => one.GetProperty("ph").GetString()!)];
        Assert.That(phases.Count(phase => phase == "B"), Is.EqualTo(1));
        Assert.That(phases.Count(phase => phase == "E"), Is.EqualTo(1));
        Assert.That(events[0].GetProperty("ts").GetDouble(), Is.EqualTo(500_000), "half a second in microseconds");
        JsonElement counters = events.Last(one => one.GetProperty("ph").GetString() == "C").GetProperty("args");
        Assert.That(counters.GetProperty(nameof(PageState.SHARED)).GetInt64(), Is.EqualTo(4), "three were shared before");
    }

    private sealed class Once(EventFan fan) : IUltravisorEvents
    {
        public int Count { get; private set; }

        public void Record(in UvEvent happened)
        {
            Count++;
            fan.Remove(this);
        }
    }

    // The guest's stub is at its sc 2; the same addresses mean something else in the hypervisor.
    private sealed class TwoTables : ISymbols
    {
        public string? Describe(ulong address, World world, ulong lpid) => (world, address) switch
        {
            (World.SecureGuest, 0x4000) => "ucall_norets",
            (World.SecureGuest, >= 0x5000 and < 0x6000) => $"guest {lpid} share+0x{address - 0x5000:x}",
            (World.Hypervisor, >= 0x8000 and < 0x9000) => $"inval+0x{address - 0x8000:x}",
            _ => null,
        };
    }
}
