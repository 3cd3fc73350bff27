using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Events;

/// <summary>Log lines and counters.</summary>
public class EventTests
{
    [Test]
    public void LogLines()
    {
        var call = new UvEvent { Instruction = 123456789, Cpu = 0, Lpid = 1, Kind = UvEventKind.UltraCall, Number = (ulong)UltraCall.UV_PAGE_IN };
        (call.Args[0], call.Args[1], call.Args[2], call.Args[4]) = (1, 0x20000, 0x10000, 16);
        Assert.That(EventText.Format(call), Is.EqualTo("[   123456789] cpu0 lpid 1 UV_PAGE_IN(ra=0x20000, gpa=0x10000, flags=0, order=16) -> 0"));
        call.Result = -55;
        Assert.That(EventText.Format(call), Does.EndWith("-> -55 (U_P2)"));

        var state = new UvEvent { Instruction = 5, Cpu = 1, Lpid = 2, Kind = UvEventKind.PageState, From = PageState.SECURE, To = PageState.HV_SHARING };
        state.Args[0] = 0x30000;
        Assert.That(EventText.Format(state), Is.EqualTo("[           5] cpu1 lpid 2 page 0x30000 SECURE -> HV_SHARING"));

        var unknown = new UvEvent { Kind = UvEventKind.UltraCall, Number = 0x1234, Result = -2 };
        Assert.That(EventText.Format(unknown), Does.EndWith("ultracall 0x1234() -> -2 (U_FUNCTION)"));
    }

    [Test]
    public void CountersByNameWithFailures()
    {
        using Bench bench = new Bench().GoSecure();
        bench.Uv.Events.Clear();
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 2);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, 0x4000, 2);
        CallCounter share = bench.Uv.UltraCallCounters.Single(counter => counter.Name == "UV_SHARE_PAGE");
        Assert.That((share.Count, share.Failures), Is.EqualTo((2, 1)));
        CallCounter pageIn = bench.Uv.UltraCallCounters.Single(counter => counter.Name == "UV_PAGE_IN");
        Assert.That((pageIn.Count, pageIn.Failures), Is.EqualTo((72, 0)), "64 frames, six for RTAS and two shared again");
        CallCounter asked = bench.Uv.ReverseCallCounters.Single(counter => counter.Name == "H_SVM_PAGE_IN");
        Assert.That((asked.Count, asked.Failures), Is.EqualTo((72, 0)));
        CallCounter returned = bench.Uv.UltraCallCounters.Single(counter => counter.Name == "UV_RETURN");
        Assert.That(returned.Count, Is.EqualTo(74), "72, INIT_START, INIT_DONE");
    }

    [Test]
    public void ReturnCodes()
    {
        Assert.That(UReturn.Text(0), Is.EqualTo("0"));
        Assert.That(UReturn.Text(-11), Is.EqualTo("-11 (U_PERMISSION)"));
        Assert.That(UReturn.Text(-1234), Is.EqualTo("-1234"));
        Assert.That(UReturn.Parse("u_state"), Is.EqualTo(-75));
        Assert.That(UReturn.Parse("nonsense"), Is.Null);
    }
}
