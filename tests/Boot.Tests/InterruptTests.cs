using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Interrupts;

namespace RenodeUvmem.Boot.Tests;

/// <summary>
/// Hypervisors on XIVE and on XICS, with guests of two processors that interrupt each other (script interrupts of firmware/host/scripts). What counts is what /proc/interrupts shows a
/// user on both sides. On XIVE the guests' controller is KVM's: XICS for the secure one (arch/powerpc/kvm/book3s_xive.c), XIVE itself for the normal one (book3s_xive_native.c).
/// </summary>
public partial class InterruptTests
{
    private const string Secure = "interrupts";
    private const string Normal = "normal-interrupts";

    private static readonly Dictionary<(InterruptModel, int), Lazy<BootRecord>> Boots = new()
    {
        [(InterruptModel.Xive, 1)] = Boot(InterruptModel.Xive, 1),
        [(InterruptModel.Xive, 4)] = Boot(InterruptModel.Xive, 4),
        [(InterruptModel.Xics, 4)] = Boot(InterruptModel.Xics, 4),
    };

    private static readonly Lazy<BootRecord> LazyWithoutDriver = new(() => BootRecord.Of(new BootPlan { Name = "xive-off", Run = "plain:demo xive=off", Processors = 2 }));

    [TestCase(InterruptModel.Xive, 1)]
    [TestCase(InterruptModel.Xive, 4)]
    [TestCase(InterruptModel.Xics, 4)]
    public void GuestsEndWell(InterruptModel model, int processors)
    {
        BootRecord boot = Of(model, processors);
        Assert.Multiple(() =>
        {
            Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
            Assert.That(boot.Warnings, Is.Empty);
            boot.HasLine("RUN PASS");
            Assert.That(boot.HasEnded(Secure) && boot.HasEnded(Normal), Is.True);
        });
    }

    /// <summary>The kernel's own names: ics_opal_irq_chip and the chips of xics-common.c and xive/common.c in arch/powerpc/sysdev.</summary>
    [TestCase(InterruptModel.Xive, "XIVE-IRQ", "XIVE-IPI")]
    [TestCase(InterruptModel.Xics, "OPAL ICS", "XICS")]
    public void HypervisorShowsItsController(InterruptModel model, string devices, string others)
    {
        string[] seen = [.. Of(model, 4).Row(Secure).Lines.Where(line => line.StartsWith("action| hypervisor:", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(seen, Has.One.Match($@"{devices} +16 Edge +opal-ibm,opal$"));
            Assert.That(seen, Has.One.Match($@" {others} .*Edge +IPI"));
        });
    }

    [TestCase(InterruptModel.Xive, Secure, "XICS")]
    [TestCase(InterruptModel.Xive, Normal, "XIVE-IRQ")]
    [TestCase(InterruptModel.Xics, Secure, "XICS")]
    [TestCase(InterruptModel.Xics, Normal, "XICS")]
    public void GuestShowsItsController(InterruptModel model, string guest, string controller) =>
        Assert.That(Of(model, 4).Row(guest).Lines, Has.One.Match($@"^guest\| +\d+: .* {controller} +\d+ Edge +hvc_console$"));

    /// <summary>A vCPU that has ceded is woken by its escalation interrupt, one for each vCPU ("kvm-LPID-SERVER", kvmppc_xive_attach_escalation).</summary>
    [Test]
    public void EscalationsWakeVcpus([Values(Secure, Normal)] string guest, [Values(1, 4)] int processors)
    {
        List<string> names = [];
        foreach (string line in Of(InterruptModel.Xive, processors).Row(guest).Lines)
        {
            Match match = Escalation().Match(line);
            if (!match.Success)
                continue;
            names.Add(match.Groups["name"].Value);
            int count = match.Groups["counts"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(text => int.Parse(text, CultureInfo.InvariantCulture));
            Assert.That(count, Is.GreaterThan(20), line);
        }

        Assert.That(names, Is.EqualTo(new[] { "kvm-1-0", "kvm-1-1" }));
    }

    [Test]
    public void KvmHasNoControllerOnXics() => Assert.That(Of(InterruptModel.Xics, 4).Row(Normal).Lines, Has.None.Match(@"kvm-\d+-\d+$"));

    [Test]
    public void SecureGuestIsSecure() => Assert.That(Of(InterruptModel.Xive, 4).Row(Secure).Lines, Has.One.EqualTo("guest| /sys/devices/system/cpu/svm: 1"));

    /// <summary>The kernel without its driver: OPAL's emulation of XICS.</summary>
    [Test]
    public void KernelMayLeaveXiveAlone()
    {
        BootRecord boot = LazyWithoutDriver.Value;
        Assert.Multiple(() =>
        {
            Assert.That(boot.End.End, Is.EqualTo(RunEnd.PowerOff), boot.End.Message);
            Assert.That(boot.Warnings, Is.Empty);
            boot.HasLine("RUN PASS");
            Assert.That(boot.Lines.Select(line => line.Text), Has.None.Contains("xive: Interrupt handling initialized"));
        });
    }

    private static BootRecord Of(InterruptModel model, int processors) => Boots[(model, processors)].Value;

    private static Lazy<BootRecord> Boot(InterruptModel model, int processors) => new(() => BootRecord.Of(new BootPlan
    {
        Name = $"interrupts-{model}-{processors}",
        Run = $"script:{Secure},{Normal}",
        SecureMemory = 1UL << 30,
        Processors = processors,
        Interrupts = model,
    }));

    [GeneratedRegex(@"^action\| hypervisor: +\d+:(?<counts>( +\d+)+) +XIVE-IRQ \d+ Edge +(?<name>kvm-\d+-\d+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Escalation();
}
