using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Tests.Snapshots;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Events;

/// <summary>Where a call was made, when it is answered long after.</summary>
public unsafe class CallSiteTests
{
    [Test]
    public void SiteIsThatOfTheCallAlsoAfterASnapshot()
    {
        using Bench bench = new Bench().Running();
        bench.S->Spr[SprNumber.LR] = 0x7000;
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 2);
        using Bench twin = Twin.Of(bench);
        foreach (Bench one in (Bench[])[bench, twin])
        {
            one.Serve();
            UvEvent answered = one.Log.Events.Single(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_SHARE_PAGE);
            Assert.That(answered.Site, Is.EqualTo(new CallSite(World.SecureGuest, Bench.Lpid, false, 0x4000, 0x7000)));
        }
    }

    /// <summary>UV_ESM ends somewhere else than where it was called.</summary>
    [Test]
    public void SiteOfATransition()
    {
        using Bench bench = new Bench().GoSecure();
        UvEvent answered = bench.Log.Events.Single(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_ESM);
        Assert.That((answered.Site.World, answered.Site.Lpid, answered.Site.Nia), Is.EqualTo((World.Guest, Bench.Lpid, 0x4FFCUL)));
    }
}
