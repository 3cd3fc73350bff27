using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Boot.Tests;

/// <summary>What the program's second run recorded: the one kernel image, by who ran it. <see cref="ProgramTests"/> sees that the run is the same as without.</summary>
public class CoverageTests
{
    private const int Hypervisor = 0;
    private const int Guest = 1;

    private static readonly Lazy<CoverageData> Recorded = new(() => CoverageFile.Read("coverage", ProgramRuns.Secure[1].PathOf(ProgramRuns.CoverageFile)));
    private static readonly Lazy<KernelCode> Code = new(() => KernelCode.Read("kernel", Images.Kernel));
    private static readonly Lazy<SymbolTable> Symbols = new(() => SymbolTable.OfSystemMap("symbols", Images.SystemMap));

    [Test]
    public void HypervisorAndGuestRan() => Assert.That(Recorded.Value.Worlds, Is.EqualTo(new[] { Hypervisor, Guest }));

    [Test]
    public void ItIsOfThisKernel() => Assert.That(Recorded.Value.Identity, Is.EqualTo(Code.Value.Identity));

    // Hypervisor: calls of the secure story; KVM's way into a guest. Guest: what only a secure guest (pseries) does. Both: system calls of their processes, ultracalls.
    [TestCase("kvmppc_h_svm_init_start", true, false)]
    [TestCase("kvmppc_h_svm_init_done", true, false)]
    [TestCase("kvmppc_h_svm_page_in", true, false)]
    [TestCase("kvmppc_uvmem_page_free", true, false)]
    [TestCase("kvmppc_p9_enter_guest", true, false)]
    [TestCase("opal_poll_events", true, false)]
    [TestCase("set_memory_decrypted", false, true)]
    [TestCase("plpar_hcall_norets", false, true)]
    [TestCase("system_call_exception", true, true)]
    [TestCase("ucall_norets", true, true)]
    [TestCase("kvmppc_h_svm_page_out", false, false)]
    [TestCase("panic", false, false)]
    public void FunctionRan(string name, bool inHypervisor, bool inGuest)
    {
        ulong entry = Code.Value.EntryOf(Symbols.Value.Find(name) ?? throw new AssertionException($"no symbol {name}"));
        Assert.That((Ran(entry, Hypervisor), Ran(entry, Guest)), Is.EqualTo((inHypervisor, inGuest)));
    }

    private static bool Ran(ulong address, int lpid) => Recorded.Value.At(address, world => world == lpid) != CoverageBits.None;
}
