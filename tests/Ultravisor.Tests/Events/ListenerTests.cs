using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
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
        Assert.That(lines, Is.EqualTo(bench.Log.Events.Where(happened => happened.Kind != UvEventKind.UltraCallBegun).Select(happened => EventText.Format(happened))));
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
