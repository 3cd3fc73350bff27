using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>What KVM relies on to wake a vCPU that is on no thread: skiboot's xive_setup_silent_gather and Linux's arch/powerpc/kvm/book3s_xive.c.</summary>
internal sealed class EscalationTests
{
    private const ulong EnabledAlwaysEscalate = 7;
    private const ulong GuestRing = 0x20000;
    private const uint EscalationData = 0x99;

    private XiveMachine machine = null!;
    private ulong vcpu;

    [SetUp]
    public void MakeGuest()
    {
        machine = new XiveMachine();
        machine.OpenThread(0, XiveMachine.Ring);
        vcpu = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 1);
    }

    [TearDown]
    public void Free() => machine.Dispose();

    /// <summary>Single escalation: one interrupt for all priorities. It fires once, and again when P and Q are set to 00, which kvmppc_xive_rearm_escalation does at H_CEDE.</summary>
    [Test]
    public void SingleEscalationFiresOnceUntilRearmed()
    {
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 3, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 5, GuestRing, 16, EnabledAlwaysEscalate), Is.Zero);
        uint escalation = EscalationOf(5);
        Assert.That(escalation, Is.EqualTo(EscalationOf(0)), "one for all");
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, escalation, 0, 7, EscalationData), Is.Zero);
        machine.Start(XiveMachine.Device, vcpu, 5, 0x11);

        ulong page = ManagementPage(escalation);
        machine.Load(0, page + 0xC00, 8);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
        Assert.That(machine.Get32(GuestRing), Is.EqualTo(0x80000011), "the guest's entry");
        Assert.That(machine.Get32(XiveMachine.Ring), Is.EqualTo(0x80000000 | EscalationData), "the hypervisor's");

        // Again, without an end of the escalation.
        machine.Load(0, XiveMachine.Manage(XiveMachine.Device, 0xC00), 8);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.Get32(XiveMachine.Ring + 4), Is.Zero);
        Assert.That(machine.Load(0, page + 0xC00, 8), Is.EqualTo(0b11), "P and Q of the escalation");
        machine.Load(0, XiveMachine.Manage(XiveMachine.Device, 0xC00), 8);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.Get32(XiveMachine.Ring + 4), Is.EqualTo(0x80000000 | EscalationData));
    }

    [Test]
    public void EscalationThatIsOffDoesNotFire()
    {
        machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 3, 0);
        machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 5, GuestRing, 16, EnabledAlwaysEscalate);
        uint escalation = EscalationOf(5);
        machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, escalation, 0, 7, EscalationData);
        machine.Load(0, ManagementPage(escalation) + 0xD00, 8);
        machine.Start(XiveMachine.Device, vcpu, 5, 0x11);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.False);
    }

    [Test]
    public void VcpuOnAThreadDoesNotEscalate()
    {
        machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 3, 0);
        machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 5, GuestRing, 16, EnabledAlwaysEscalate);
        uint escalation = EscalationOf(5);
        machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, escalation, 0, 7, EscalationData);
        machine.Load(0, ManagementPage(escalation) + 0xC00, 8);
        machine.Start(XiveMachine.Device, vcpu, 5, 0x11);
        machine.Store(1, XiveMachine.Tima(0x10), 8, 0x00FF_0000_0000_0000);
        machine.Store(1, XiveMachine.Tima(0x18), 4, 0x80000000 | (vcpu & 0xFFFFFF));
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.OsLine(1), Is.True);
        Assert.That(machine.HypervisorLine(0), Is.False);
    }

    /// <summary>Without single escalation each queue has an escalation of its own.</summary>
    [Test]
    public void EachQueueHasItsOwnEscalation()
    {
        machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 1, 0);
        machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 5, GuestRing, 16, EnabledAlwaysEscalate);
        Assert.That(EscalationOf(5), Is.Not.EqualTo(EscalationOf(4)));
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, EscalationOf(5), 0, 7, EscalationData), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_IRQ_CONFIG, EscalationOf(5), XiveMachine.Results, XiveMachine.Results + 8, XiveMachine.Results + 16), Is.Zero);
        Assert.That(machine.Get32(XiveMachine.Results + 16), Is.EqualTo(EscalationData));
        machine.Start(XiveMachine.Device, vcpu, 5, 0x11);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
    }

    [Test]
    public void QueueOfPrioritySevenAndSingleEscalationExcludeEachOther()
    {
        machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 7, GuestRing, 16, EnabledAlwaysEscalate);
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 3, 0), Is.EqualTo(-1));
        machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 7, 0, 0, 0);
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 3, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vcpu, 7, GuestRing, 16, EnabledAlwaysEscalate), Is.EqualTo(-1));
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_INFO, vcpu, XiveMachine.Results, 0, 0, 0), Is.Zero);
        Assert.That(machine.Get64(XiveMachine.Results), Is.EqualTo(3));
    }

    /// <summary>Two queues that escalate to each other: OPAL lets a hypervisor build that. Each ESe lets one event through.</summary>
    [Test]
    public void CircleEnds()
    {
        machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu, 1, 0);
        machine.Call(OpalToken.XIVE_SET_VP_INFO, vcpu + 1, 1, 0);
        foreach (ulong one in new[] { vcpu, vcpu + 1 })
            machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, one, 5, GuestRing, 16, EnabledAlwaysEscalate);
        machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, EscalationOf(5), vcpu + 1, 5, 1);
        ulong there = vcpu;
        vcpu++;
        machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, EscalationOf(5), there, 5, 1);
        machine.Start(XiveMachine.Device, there, 5, 0x11);
        Assert.That(() => machine.Xive.Raise(XiveMachine.Device), Throws.Nothing);
        Assert.That(machine.Get32(GuestRing + 4), Is.EqualTo(0x80000001), "once around");
        Assert.That(machine.Get32(GuestRing + 8), Is.Zero, "and no further");
    }

    private uint EscalationOf(ulong priority)
    {
        XiveMachine.Require(machine.Call(OpalToken.XIVE_GET_QUEUE_INFO, vcpu, priority, 0, 0, 0, XiveMachine.Results, 0));
        return machine.Get32(XiveMachine.Results);
    }

    private ulong ManagementPage(uint source)
    {
        XiveMachine.Require(machine.Call(OpalToken.XIVE_GET_IRQ_INFO, source, XiveMachine.Results, XiveMachine.Results + 8, XiveMachine.Results + 16, 0, 0));
        Assert.That(machine.Get64(XiveMachine.Results + 16), Is.Zero, "an escalation has no trigger page");
        return machine.Get64(XiveMachine.Results + 8);
    }
}
