using NUnit.Framework;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Breaks;

/// <summary>Breaks on hypercalls, on the life of SVMs and on refused accesses.</summary>
public unsafe class OtherBreakTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void HypercallOfTheUltravisorBreaksAtTheEntryOfTheHypervisor()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "H_SVM_PAGE_IN gfn=9");
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4004, 8, 2);
        Assert.That(list.Hits, Is.Empty);
        bench.ServeOne();

        BreakHit hit = list.Hits.Single();
        Assert.That((hit.Name, hit.Lpid, hit.Nia, hit.Site.World), Is.EqualTo(("H_SVM_PAGE_IN", Bench.Lpid, 0xC00UL, World.Hypervisor)));
        Assert.That(hit.Arguments.Select(argument => argument.ToString()), Is.EqualTo(new[] { "gpa=0x90000", "flags=1", "order=16" }));
        Assert.That((bench.S->Nia, bench.S->Gpr[3], bench.S->Gpr[4]), Is.EqualTo((0xC00UL, (ulong)HCall.H_SVM_PAGE_IN, 9 * Frame)));
        Assert.That(bench.Cpu.ReturnRequested, Is.True);
        bench.Serve();
        Assert.That((bench.S->Gpr[3], list.Hits.Count), Is.EqualTo((0UL, 1)), "the thread just goes on");
    }

    [Test]
    public void HypercallOfTheSvmBreaksWhereTheHypervisorGetsIt()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "H_PROD");
        bench.Hypercall(HCall.H_PROD, 0x4404, 7);
        Assert.That(list.Hits.Single().Arguments, Is.EqualTo(new BreakArgument[] { new("r4", 7) }));
        Assert.That(bench.S->Nia, Is.EqualTo(0xC00));
    }

    [Test]
    public void LifeOfAnSvm()
    {
        using var bench = new Bench();
        HitList list = Listen(bench, "svm-start", "svm-secure lpid=1", "svm-terminate", "svm-abort", "svm-kill");
        bench.GoSecure();
        Assert.That(list.Names, Is.EqualTo(new[] { "svm-start", "svm-secure" }));
        Assert.That((list.Hits[0].Nia, list.Hits[0].Site.World), Is.EqualTo((0xC00UL, World.Hypervisor)), "H_SVM_INIT_START is about to be served");
        Assert.That((list.Hits[1].Nia, list.Hits[1].Site.World), Is.EqualTo((Bench.KernelBase, World.SecureGuest)), "the kernel starts anew");
        bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        Assert.That(list.Names.Last(), Is.EqualTo("svm-terminate"));
        Assert.That((list.Hits[2].Nia, list.Hits[2].Lpid), Is.EqualTo((Bench.HypervisorCode, Bench.Lpid)));
    }

    [Test]
    public void AbortAndKill()
    {
        using var aborting = new Bench();
        HitList list = Listen(aborting, "svm-abort", "H_SVM_INIT_ABORT");
        aborting.Uv.Rules.Add("UV_REGISTER_MEM_SLOT return=-4");
        aborting.GoSecure();
        Assert.That(list.Names, Is.EqualTo(new[] { "svm-abort", "H_SVM_INIT_ABORT" }));

        using Bench killing = new Bench().GoSecure();
        list = Listen(killing, "svm-kill");
        killing.Hypercall(HCall.H_PROD, 0x4404, 1);
        killing.TakeExit();
        killing.S->Spr[SprNumber.PIDR] = 77;
        killing.ReturnSecure(0);
        Assert.That(list.Names, Is.EqualTo(new[] { "svm-kill" }));
    }

    [Test]
    public void RefusedAccess()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "violation");

        // ld r5,0(r4) at 0x1000 in hypervisor real mode.
        bench.Bytes(0x1000, 4).Clear();
        uint word = (58u << 26) | (5 << 21) | (4 << 16);
        BitConverter.TryWriteBytes(bench.Bytes(0x1000, 4), System.Net.IPAddress.HostToNetworkOrder((int)word));
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        bench.S->Nia = 0x1000;
        bench.S->Gpr[4] = Bench.SecureBase + 0x20;
        long executed = bench.Cpu.Execute(100);
        BreakHit hit = list.Hits.Single();
        Assert.That((hit.Name, hit.Nia, hit.Site.World), Is.EqualTo(("violation: Load", 0x1000UL, World.Hypervisor)));
        Assert.That(hit.Arguments, Is.EqualTo(new BreakArgument[] { new("real", Bench.SecureBase + 0x20), new("ea", Bench.SecureBase + 0x20) }));
        Assert.That((executed, bench.S->Nia), Is.EqualTo((1L, 0x200UL)), "the machine check is taken, nothing of its handler has run");
    }

    [Test]
    public void RefusedDeviceAccessStopsNoCpu()
    {
        using Bench bench = new Bench().Running();
        HitList list = Listen(bench, "violation");
        Assert.That(bench.Uv.Controller.AllowDma(Bench.SecureBase, 8, write: true), Is.False);
        Assert.That((list.Hits.Single().IsOutsideOfRun, list.Hits[0].Site.WorldText, bench.Cpu.ReturnRequested), Is.EqualTo((true, "device", false)));
        Assert.That(BreakText.Format(list.Hits[0]), Does.EndWith("device break: device: violation: Store(real=0x1000000000000, ea=0x1000000000000)"));
    }

    private static HitList Listen(Bench bench, params string[] breaks)
    {
        var list = new HitList();
        bench.Uv.Breaks.Listener = list;
        foreach (string text in breaks)
            bench.Uv.Breaks.Add(text);
        return list;
    }
}
