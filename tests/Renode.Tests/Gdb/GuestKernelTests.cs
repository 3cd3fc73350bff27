using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>
/// The same kernel runs as hypervisor and as guest, at the same addresses: the debugger says whose it means. Every test begins where the guest, already secure, is about to share
/// its first page: it stands at the sc 2 of UV_SHARE_PAGE.
/// </summary>
[TestFixture]
[RequiresRenode]
[RequiresGdb]
internal sealed class GuestKernelTests
{
    // Linux arch/powerpc/include/asm/ultravisor-api.h.
    private const ulong UvPageIn = 0xF128;
    private const ulong UvSharePage = 0xF130;

    // Linux arch/powerpc/include/asm/hvcall.h.
    private const int SharedFlag = 1;

    // 64 KiB pages, PAGE_OFFSET (Linux arch/powerpc/include/asm/page.h).
    private const int PageShift = 16;
    private const ulong PageOffset = 0xC000_0000_0000_0000;

    private const ulong HypervisorBit = 1UL << 60;
    private const ulong SecureBit = 1UL << 22;
    private const string StoryIsTold = "RUN PASS";

    private static readonly string Symbols = Path.Combine(RenodePlaces.Images, "vmlinux");

    private RenodeProcess renode = null!;
    private string snapshot = null!;

    [OneTimeSetUp]
    public void BootToTheFirstShare()
    {
        renode = RenodeProcess.Start();
        renode.KeywordTimeout = TimeSpan.FromMinutes(20);
        renode.LoadPlugin();
        renode.Command("$name=\"power9-uv\"");
        renode.Command($"$images=@{RenodePlaces.Images}");
        renode.Command("$bootargs=\"console=hvc0 random.trust_cpu=on uvmem.run=secure\"");
        renode.Command($"include @{RenodePlaces.Script}");
        renode.Command("uv BreakOnUltracall \"UV_SHARE_PAGE\"");
        renode.Command("emulation RunFor \"3\"");
        Assert.That(renode.Command("uv Svms"), Does.Match(@"\n\s*1\s+Secure\s"));
        renode.Command("uv ClearBreaks");
        snapshot = Path.Combine(renode.Folder, "first-share.save");
        renode.Command($"Save @{snapshot}");
    }

    [OneTimeTearDown]
    public void End() => renode.Dispose();

    [SetUp]
    public void Load()
    {
        renode.Run("Reset Emulation");
        renode.Command($"Load @{snapshot}");
        renode.Command("mach set \"power9-uv\"");

        // A reset of Renode's that meets a pause of its own waits for ever.
        renode.Command("opal PauseOnPowerOff false");
        renode.Run("Create Terminal Tester", "sysbus.console", "timeout=30", "machine=power9-uv");
    }

    [Test]
    public void Hypervisor_serves_a_share()
    {
        using GdbProcess gdb = GdbProcess.Attach(renode, Symbols);
        Assert.That(gdb.Number("$r3"), Is.EqualTo(UvSharePage));
        ulong gpa = gdb.Number("$r4") << PageShift;
        Assert.That(PageState(gdb, gpa), Is.EqualTo("SECURE"));

        // The compiler made kvmppc_share_page a part of the hypercall's handler: (kvm, gpa, flags, page_shift).
        gdb.Run("monitor cpu0 DebugContext \"hypervisor\"");
        gdb.Run($"break kvmppc_h_svm_page_in if $r5 == {SharedFlag}");
        GdbStop stop = gdb.Resume("continue");
        Assert.That((stop.Reason, stop.Function), Is.EqualTo(("breakpoint-hit", "kvmppc_h_svm_page_in")));
        Assert.That(gdb.Number("$msr") & HypervisorBit, Is.Not.Zero);
        Assert.That((gdb.Number("$r4"), gdb.Number("$r6")), Is.EqualTo((gpa, (ulong)PageShift)), "gpa, page_shift");
        Assert.That(gdb.Run("backtrace"), Does.Contain("kvmppc_pseries_do_hcall"));
        Assert.That(PageState(gdb, gpa), Is.Not.EqualTo("SHARED"));

        // ucall_norets(UV_PAGE_IN, lpid, source, gpa, flags, page_shift) is the sc 2 itself.
        gdb.Run($"break ucall_norets if $r3 == {UvPageIn}");
        stop = gdb.Resume("continue");
        Assert.That(stop.Function, Is.EqualTo("ucall_norets"));
        Assert.That(gdb.Run("x/i $pc"), Does.Match(@"sc\s+2"));
        Assert.That(gdb.Run("backtrace"), Does.Match("(?s)#0.*ucall_norets.*#1.*kvmppc_h_svm_page_in"));
        Assert.That((gdb.Number("$r4"), gdb.Number("$r6"), gdb.Number("$r7"), gdb.Number("$r8")), Is.EqualTo((1UL, gpa, 0UL, (ulong)PageShift)));
        Assert.That(gdb.Resume("stepi").Address, Is.EqualTo(stop.Address + 4), "the ultravisor served the call in one step");
        Assert.That(gdb.Number("$r3"), Is.Zero, "U_SUCCESS");
        Assert.That(PageState(gdb, gpa), Is.EqualTo("HV_SHARED"), "the hypervisor's part is done");

        gdb.Run("delete");
        gdb.Run("monitor cpu0 DebugContext \"guest 1\"");
        gdb.Run($"break *0x{stop.Address + 4:x}");
        gdb.Resume("continue");
        Assert.That((gdb.Number("$r3"), PageState(gdb, gpa)), Is.EqualTo((0UL, "SHARED")), "the guest's call returns");
        TellTheStory(gdb);
    }

    [Test]
    public void Secure_guest_shares_its_bounce_buffers()
    {
        using GdbProcess gdb = GdbProcess.Attach(renode, Symbols);
        gdb.Run("monitor cpu0 DebugContext \"guest 1\"");

        // The local entry point: callers in the kernel have the TOC already.
        gdb.Run($"break *0x{gdb.Number("&set_memory_decrypted") + 8:x}");
        GdbStop stop = gdb.Resume("continue");
        Assert.That((stop.Reason, stop.Function), Is.EqualTo(("breakpoint-hit", "set_memory_decrypted")));
        Assert.That(gdb.Number("$msr") & (HypervisorBit | SecureBit), Is.EqualTo(SecureBit));
        Assert.That(gdb.Run("backtrace"), Does.Match("(?s)set_memory_decrypted.*swiotlb_update_mem_attributes.*init_svm.*do_one_initcall.*kernel_init"));
        (ulong address, ulong pages) = (gdb.Number("$r3"), gdb.Number("$r4"));

        // set_memory_decrypted: uv_share_page(PHYS_PFN(__pa(addr)), numpages).
        gdb.Run("break ucall_norets");
        stop = gdb.Resume("continue");
        Assert.That(stop.Function, Is.EqualTo("ucall_norets"));
        Assert.That(gdb.Run("backtrace"), Does.Match("(?s)#0.*ucall_norets.*#1.*set_memory_decrypted"));
        Assert.That((gdb.Number("$r3"), gdb.Number("$r4"), gdb.Number("$r5")), Is.EqualTo((UvSharePage, (address & ~PageOffset) >> PageShift, pages)));
        TellTheStory(gdb);
    }

    [Test]
    public void Secure_guest_s_variable_is_watched()
    {
        using GdbProcess gdb = GdbProcess.Attach(renode, Symbols);
        gdb.Run("monitor cpu0 DebugContext \"guest 1\"");
        gdb.Run("watch *(long*)&jiffies");
        GdbStop first = gdb.Resume("continue");
        GdbStop second = gdb.Resume("continue");
        foreach (GdbStop stop in (GdbStop[])[first, second])
            Assert.That((stop.Reason, stop.Function, stop.New), Is.EqualTo(("watchpoint-trigger", "do_timer", stop.Old + 1)));
        Assert.That(second.Old, Is.EqualTo(first.New), "no increment was missed");
        Assert.That(gdb.Number("$msr") & (HypervisorBit | SecureBit), Is.EqualTo(SecureBit), "the hypervisor's variable of the same address is not meant");
        Assert.That(gdb.Run("backtrace"), Does.Contain("timer_interrupt"));
        TellTheStory(gdb);
    }

    [Test]
    public void Worlds_are_apart()
    {
        using GdbProcess gdb = GdbProcess.Attach(renode, Symbols);
        foreach ((string context, ulong bits) in (ReadOnlySpan<(string, ulong)>)[("guest 1", SecureBit), ("hypervisor", HypervisorBit), ("guest 1", SecureBit)])
        {
            gdb.Run("delete");
            gdb.Run($"monitor cpu0 DebugContext \"{context}\"");
            gdb.Run("break update_process_times");
            for (int n = 0; n < 2; n++)
            {
                Assert.That(gdb.Resume("continue").Function, Is.EqualTo("update_process_times"));
                Assert.That(gdb.Number("$msr") & (HypervisorBit | SecureBit), Is.EqualTo(bits), context);
            }

            // Stack, data and code of the other world, from this one.
            Assert.That(gdb.Run("backtrace"), Does.Match("tick_(periodic|sched_timer)"));
            Assert.That(CommandLine(gdb, "hypervisor"), Does.Contain("uvmem.run=secure"), $"from {context}");
            Assert.That(CommandLine(gdb, "guest 1"), Does.Contain("console=").And.Not.Contain("uvmem.run"), $"from {context}");
            foreach (string other in (string[])["hypervisor", "guest 1"])
            {
                gdb.Run($"monitor cpu0 DebugContext \"{other}\"");
                Assert.That(gdb.Run($"monitor cpu0 DisassembleBlock 0x{gdb.Number("&ucall_norets"):x} 8"), Does.Contain(": 44000042  sc 2").And.Contain("bclr"), $"{other} from {context}");
                gdb.Run($"set *(int*)&panic_timeout = {(other == "hypervisor" ? 1111 : 2222)}");
            }

            gdb.Run("monitor cpu0 DebugContext \"hypervisor\"");
            Assert.That(gdb.Number("*(int*)&panic_timeout"), Is.EqualTo(1111), $"from {context}");
            gdb.Run("monitor cpu0 DebugContext \"guest 1\"");
            Assert.That(gdb.Number("*(int*)&panic_timeout"), Is.EqualTo(2222), $"from {context}");
        }

        Assert.That(Assert.Throws<GdbException>(() => gdb.Run("x/gx 0xc0ffee0000000000"))!.Message, Does.Contain("Cannot access memory"));
        Assert.That(Assert.Throws<GdbException>(() => gdb.Run("set *(long*)0xc0ffee0000000000 = 1"))!.Message, Does.Contain("Cannot access memory"));
        Assert.That(renode.Command("smc Violations"), Does.Match(@"CPU loads, stores, fetches\s*\|0\s*\|").And.Match(@"devices\s*\|0\s*\|"), "a debugger's look is no violation");
        TellTheStory(gdb);
    }

    [Test]
    public void Ultracall_breaks_and_interrupts_stop_in_the_debugger()
    {
        using GdbProcess gdb = GdbProcess.Attach(renode, Symbols);
        ulong call = gdb.Number("$pc");

        // The thread stands at the call that breaks, perhaps with an interrupt that comes first: it goes on to the break, and a step is the call, which goes on in
        // the hypervisor.
        gdb.Run("monitor uv BreakOnUltracall \"UV_SHARE_PAGE\"");
        GdbStop stop = gdb.Resume("continue");
        Assert.That((stop.Reason, stop.Address), Is.EqualTo(("signal-received", call)));
        Assert.That(gdb.Resume("stepi").Reason, Is.EqualTo("end-stepping-range"));
        Assert.That(gdb.Number("$msr") & HypervisorBit, Is.Not.Zero);

        stop = gdb.Resume("continue");
        Assert.That((stop.Reason, gdb.Number("$r3")), Is.EqualTo(("signal-received", UvSharePage)));
        gdb.Run("monitor uv ClearBreaks");

        gdb.Start("continue");
        gdb.Interrupt();
        Assert.That(gdb.WaitForStop().Record, Does.Contain("signal-name=\"SIGINT\""));
        TellTheStory(gdb);
    }

    private static string PageState(GdbProcess gdb, ulong gpa) => gdb.Run($"monitor uv PageState 1 0x{gpa:x}").Trim();

    private static string CommandLine(GdbProcess gdb, string context)
    {
        gdb.Run($"monitor cpu0 DebugContext \"{context}\"");
        return gdb.Run("output *(char**)&saved_command_line");
    }

    // To the end of the demonstration, undisturbed by what was done here.
    private void TellTheStory(GdbProcess gdb)
    {
        gdb.Run("delete");
        gdb.Run("detach");
        renode.Run("Wait For Line On Uart", StoryIsTold);
    }
}
