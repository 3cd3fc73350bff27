using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests;

/// <summary>What tests/Robot/snapshot.robot can't do in its one Renode: a snapshot of one process goes on in another.</summary>
[TestFixture]
[RequiresRenode]
internal sealed class SnapshotTests
{
    private const string Name = "power9-uv";

    [Test]
    public void A_running_secure_guest_goes_on_in_a_fresh_Renode()
    {
        using RenodeProcess first = Start("snapshot-saved");
        first.Command($"$images=@{RenodePlaces.Images}");
        first.Command("$bootargs=\"console=hvc0 random.trust_cpu=on uvmem.run=secure\"");
        first.Command($"include @{RenodePlaces.Script}");
        Listen(first);
        WaitFor(first, "guest| /sys/devices/system/cpu/svm: 1");
        string file = Path.Combine(first.Folder, "running.save");
        first.Command($"Save @{file}");
        object? end = WaitFor(first, "RUN PASS");
        string counters = first.Command("uv Counters");

        using RenodeProcess second = Start("snapshot-loaded");
        second.LoadPlugin();
        second.Command($"Load @{file}");
        second.Command($"mach set \"{Name}\"");
        Assert.That(second.Command("uv Svms"), Does.Match(@"\n\s*1\s+Secure\s"));
        Listen(second);
        Assert.Multiple(() =>
        {
            Assert.That(WaitFor(second, "RUN PASS"), Is.EqualTo(end), "virtual time of the last line");
            Assert.That(second.Command("uv Counters"), Is.EqualTo(counters));
        });
    }

    private static RenodeProcess Start(string log)
    {
        RenodeProcess renode = RenodeProcess.Start(log);
        // Of the wall clock; the guest's time is limited by the terminal's timeout.
        renode.KeywordTimeout = TimeSpan.FromMinutes(15);
        return renode;
    }

    private static void Listen(RenodeProcess renode)
    {
        renode.Command("opal PauseOnPowerOff false");
        renode.Run("Create Terminal Tester", "sysbus.console", "timeout=30", $"machine={Name}", "defaultPauseEmulation=true");
    }

    private static object? WaitFor(RenodeProcess renode, string line) =>
        ((IReadOnlyDictionary<string, object?>)renode.Run("Wait For Line On Uart", line)!)["Timestamp"];
}
