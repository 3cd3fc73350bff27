using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Breaks in the secure story: a person looks, goes on, and the run is the one that nobody looked at.</summary>
public class BreakTests
{
    private static readonly string[] Breaks = ["UV_SHARE_PAGE nth=1", "H_SVM_INIT_DONE", "svm-secure", "UV_PAGE_OUT nth=2", "svm-terminate"];

    // In the order of the story.
    private static readonly string[] Names = ["H_SVM_INIT_DONE", "svm-secure", "UV_SHARE_PAGE", "UV_PAGE_OUT", "svm-terminate"];

    // One kernel runs in both.
    private static readonly Lazy<SymbolTable> Kernel = new(() => SymbolTable.OfSystemMap("--symbols", Images.SystemMap));

    private static readonly Lazy<BootRecord> LazyBoot = new(() => BootRecord.Of(new BootPlan { Name = "breaks", Run = "secure", SecureMemory = 1UL << 30, Breaks = Breaks }));

    private static BootRecord Boot => LazyBoot.Value;

    private static MachineSymbols Symbols => new() { Hypervisor = Kernel.Value, Guest = Kernel.Value };

    [Test]
    public void EachBreakIsHitOnceAndInOrder() => Assert.That(Boot.Stops.Select(stop => stop.Hit.Name), Is.EqualTo(Names));

    [Test]
    public void RunIsTheSameAsWithoutBreaks()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Boot.End.End, Is.EqualTo(RunEnd.PowerOff), Boot.End.Message);
            Assert.That(Boot.Instructions, Is.EqualTo(Boots.Secure.Instructions));
            Assert.That(Boot.Output.AsSpan().SequenceEqual(Boots.Secure.Output), Is.True, "console");
            Assert.That(Boot.Events.Select(Line).SequenceEqual(Boots.Secure.Events.Select(Line)), Is.True, "log of ultracalls");
        });
    }

    /// <summary>The guest's first UV_SHARE_PAGE: what the break shows is what the log says of that call later.</summary>
    [Test]
    public void ShareShowsTheCallBeforeItIsMade()
    {
        Stop stop = StopAt("UV_SHARE_PAGE");
        BreakHit hit = stop.Hit;
        UvEvent logged = Boot.Events.First(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_SHARE_PAGE);
        Assert.Multiple(() =>
        {
            Assert.That(hit.Arguments, Is.EqualTo(new BreakArgument[] { new("gfn", logged.Args[0]), new("count", logged.Args[1]) }));
            Assert.That(hit.Lpid, Is.EqualTo(logged.Lpid));
            Assert.That(hit.Site, Is.EqualTo(logged.Site));
            Assert.That((hit.Site.World, hit.Site.Lpid, hit.Site.IsUser), Is.EqualTo((World.SecureGuest, 1UL, false)));
            Assert.That(Boot.Events.Take(stop.Event), Has.None.Matches<UvEvent>(happened => happened.Kind == UvEventKind.PageState && happened.Args[0] == logged.Args[0] << 16), "nothing has happened to the page");
            Assert.That((stop.Registers.Gpr[3], stop.Registers.Gpr[4], stop.Registers.Gpr[5]), Is.EqualTo(((ulong)UltraCall.UV_SHARE_PAGE, logged.Args[0], logged.Args[1])));
            Assert.That((stop.Registers.Nia, stop.Registers.Executed), Is.EqualTo((hit.Nia, hit.Instruction)));
            Assert.That(stop.Registers.Msr & (Msr.S | Msr.HV | Msr.PR), Is.EqualTo(Msr.S));
        });
    }

    // arch/powerpc/kernel/paca.c: alloc_shared_lppaca shares the page of the first lppaca, before anything else is shared. It is inlined or not.
    [Test]
    public void ShareNamesTheFunctionThatAsked()
    {
        BreakHit hit = StopAt("UV_SHARE_PAGE").Hit;
        Assert.That(Symbols.Describe(hit.Nia, hit.Site.World, hit.Site.Lpid), Does.StartWith("ucall_norets"));
        Assert.That(hit.Site.Function(Symbols), Does.Match(@"^(alloc_shared_lppaca|new_lppaca|allocate_paca)(\.\w+)*\+0x"));
        Assert.That(hit.Site.Function(new MachineSymbols { Hypervisor = Kernel.Value }), Is.Null, "the hypervisor's table is not for the guest");
    }

    // arch/powerpc/kvm/book3s_hv_uvmem.c: __kvmppc_svm_page_out makes UV_PAGE_OUT.
    [Test]
    public void PageOutIsTheHypervisors()
    {
        Stop stop = StopAt("UV_PAGE_OUT");
        Assert.That((stop.Hit.Site.World, stop.Registers.Msr & (Msr.S | Msr.HV)), Is.EqualTo((World.Hypervisor, Msr.HV)));
        Assert.That(stop.Hit.Site.Function(Symbols), Does.StartWith("__kvmppc_svm_page_out"));
        UvEvent second = Boot.Events.Where(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_PAGE_OUT).ElementAt(1);
        Assert.That(stop.Hit.Arguments.Select(argument => argument.Value), Is.EqualTo(Enumerable.Range(0, 5).Select(n => second.Args[n])));
    }

    [Test]
    public void HypercallStandsAtTheHypervisorsEntry()
    {
        Stop stop = StopAt("H_SVM_INIT_DONE");
        Assert.That((stop.Registers.Nia, stop.Registers.Gpr[3], stop.Registers.Lpid), Is.EqualTo((0xC00UL, (ulong)HCall.H_SVM_INIT_DONE, 1UL)));
        Assert.That(stop.Registers.Msr & (Msr.S | Msr.HV), Is.EqualTo(Msr.HV));
    }

    [Test]
    public void SvmThatWentSecureStandsAtItsKernelsEntry()
    {
        Stop stop = StopAt("svm-secure");
        UvEvent transition = Boot.Events.First(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_ESM);
        Assert.That((stop.Registers.Nia, stop.Registers.Gpr[4], stop.Registers.Gpr[3]), Is.EqualTo((transition.Args[0], transition.Args[0], transition.Args[1])), "kernel base and device tree");
        Assert.That(stop.Registers.Msr & (Msr.S | Msr.HV | Msr.PR), Is.EqualTo(Msr.S));
    }

    private static Stop StopAt(string name) => Boot.Stops.Single(stop => stop.Hit.Name == name);

    private static string Line(UvEvent happened) => EventText.Format(happened, Symbols);
}
