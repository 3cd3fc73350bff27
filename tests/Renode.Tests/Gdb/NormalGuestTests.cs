using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>The kernel of a guest that stays normal, from its first line of C on.</summary>
[TestFixture]
[RequiresRenode]
[RequiresGdb]
internal sealed class NormalGuestTests
{
    private const ulong HypervisorBit = 1UL << 60;
    private const ulong SecureBit = 1UL << 22;

    [Test]
    public void Normal_guest_s_kernel_stops_steps_and_is_watched()
    {
        using RenodeProcess renode = RenodeProcess.Start();
        renode.KeywordTimeout = TimeSpan.FromMinutes(20);
        renode.LoadPlugin();
        renode.Command("$name=\"power9-uv\"");
        renode.Command($"$images=@{RenodePlaces.Images}");
        renode.Command("$bootargs=\"console=hvc0 random.trust_cpu=on uvmem.run=normal\"");
        renode.Command($"include @{RenodePlaces.Script}");
        renode.Run("Create Terminal Tester", "sysbus.console", "timeout=30", "machine=power9-uv");
        using GdbProcess gdb = GdbProcess.Attach(renode, Path.Combine(RenodePlaces.Images, "vmlinux"));

        // The hypervisor's start_kernel has the same address, and runs first.
        gdb.Run("monitor cpu0 DebugContext \"guest 1\"");
        gdb.Run("break start_kernel");
        GdbStop stop = gdb.Resume("continue");
        Assert.That((stop.Reason, stop.Function), Is.EqualTo(("breakpoint-hit", "start_kernel")));
        Assert.That(gdb.Number("$msr") & (HypervisorBit | SecureBit), Is.Zero);
        Assert.That(gdb.Number("$lpidr"), Is.EqualTo(1));
        Assert.That(gdb.Run("output (char*)&linux_banner"), Does.Contain("Linux version 6.1."));
        Assert.That(gdb.Resume("stepi").Reason, Is.EqualTo("end-stepping-range"));
        gdb.Run("delete");

        gdb.Run("watch *(long*)&jiffies");
        stop = gdb.Resume("continue");
        Assert.That((stop.Reason, stop.Function, stop.New), Is.EqualTo(("watchpoint-trigger", "do_timer", stop.Old + 1)));
        Assert.That(gdb.Number("$msr") & (HypervisorBit | SecureBit), Is.Zero);
        Assert.That(gdb.Run("backtrace"), Does.Contain("timer_interrupt"));
        gdb.Run("delete");
        gdb.Run("detach");
        renode.Run("Wait For Line On Uart", "RUN PASS");
    }
}
