using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Four cores are four threads in gdb: each stops, steps and shows its own registers.</summary>
[TestFixture]
[RequiresRenode]
[RequiresGdb]
internal sealed partial class SeveralCpusTests
{
    [Test]
    public void Secondary_cores_start_one_after_the_other()
    {
        using RenodeProcess renode = RenodeProcess.Start();
        renode.KeywordTimeout = TimeSpan.FromMinutes(20);
        renode.LoadPlugin();
        renode.Command("$name=\"power9-uv\"");
        renode.Command($"$images=@{RenodePlaces.Images}");
        renode.Command($"$platform=@{Path.Combine(RenodePlaces.Plugin, "power9-uv-4.repl")}");
        renode.Command("$bootargs=\"console=hvc0 random.trust_cpu=on uvmem.run=shell\"");
        renode.Command($"include @{RenodePlaces.Script}");
        renode.Run("Create Terminal Tester", "sysbus.console", "timeout=30", "machine=power9-uv");
        using GdbProcess gdb = GdbProcess.Attach(renode, Path.Combine(RenodePlaces.Images, "vmlinux"));
        Assert.That(Thread().Count(gdb.Run("info threads")), Is.EqualTo(4));

        // Only the first core has left firmware: steps are its own.
        ulong before = gdb.Number("$pc");
        Assert.That(gdb.Resume("stepi").Thread, Is.EqualTo(1));
        Assert.That(gdb.Number("$pc"), Is.Not.EqualTo(before));

        gdb.Run("break start_secondary");
        for (int thread = 2; thread <= 4; thread++)
        {
            GdbStop stop = gdb.Resume("continue");
            Assert.That((stop.Reason, stop.Function, stop.Thread), Is.EqualTo(("breakpoint-hit", "start_secondary", thread)));
            Assert.That(gdb.Run("backtrace"), Does.Contain("start_secondary_prolog"));
            ulong address = stop.Address;
            stop = gdb.Resume("stepi");
            Assert.That((stop.Thread, stop.Address), Is.EqualTo((thread, address + 4)));

            // Thread 0 of core n has PIR 4n (platforms/power9-uv-4.repl).
            for (int other = 1; other <= 4; other++)
            {
                gdb.Run($"thread {other}");
                Assert.That(gdb.Number("$pir"), Is.EqualTo((ulong)(other - 1) * 4), $"thread {other} at the stop of {thread}");
            }

            gdb.Run($"thread {thread}");
        }

        gdb.Run("delete");
        gdb.Run("detach");
        renode.Run("Wait For Line On Uart", "smp: Brought up 1 node, 4 CPUs");
        renode.Run("Wait For Line On Uart", "uvmem: hypervisor is up");
    }

    [GeneratedRegex("power9-uv\\.cpu\\d")]
    private static partial Regex Thread();
}
