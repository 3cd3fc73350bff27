using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>The rings as software sees them through the thread management area; offsets and bits of Linux's arch/powerpc/include/asm/xive-regs.h.</summary>
internal sealed class ThreadContextTests
{
    private const ulong Os = 0x10;
    private const ulong Pool = 0x20;
    private const ulong Physical = 0x30;
    private const ulong Word2 = 8;
    private const ulong AckOs = 0x810;
    private const ulong AckHypervisor = 0x830;
    private const ulong SetOsPending = 0x812;
    private const ulong PullOs = 0x818;
    private const ulong PullPool = 0x828;
    private const uint Valid = 0x80000000;

    private XiveMachine machine = null!;

    [SetUp]
    public void MakeMachine() => machine = new XiveMachine();

    [TearDown]
    public void Free() => machine.Dispose();

    /// <summary>NSR HE=2 and the priority; then CPPR is that priority and the line is down, until CPPR opens again (xive_native_update_pending).</summary>
    [Test]
    public void HypervisorAcknowledges()
    {
        machine.OpenThread(0, XiveMachine.Ring);
        machine.Start(XiveMachine.Device, 0, 7, 0x55);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
        Assert.That(machine.HypervisorLine(1), Is.False);
        Assert.That(machine.Get32(XiveMachine.Ring), Is.EqualTo(0x80000055));
        Assert.That(machine.Load(0, XiveMachine.Tima(AckHypervisor), 2), Is.EqualTo(0x8007));
        Assert.That(machine.HypervisorLine(0), Is.False);
        Assert.That(machine.Load(0, XiveMachine.Tima(Physical + 1), 1), Is.EqualTo(7));
        machine.Store(0, XiveMachine.Tima(Physical + 1), 1, 0xFF);
        Assert.That(machine.Load(0, XiveMachine.Tima(AckHypervisor), 2), Is.EqualTo(0x00FF), "nothing");
    }

    [Test]
    public void ClosedPriorityHoldsBack()
    {
        machine.OpenThread(0, XiveMachine.Ring);
        machine.Start(XiveMachine.Device, 0, 7, 1);
        machine.Store(0, XiveMachine.Tima(Physical + 1), 1, 7);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.False, "equal is not more favoured");
        machine.Store(0, XiveMachine.Tima(Physical + 1), 1, 0xFF);
        Assert.That(machine.HypervisorLine(0), Is.True);
    }

    /// <summary>The order of kvmppc_xive_push_vcpu and kvmppc_xive_pull_vcpu.</summary>
    [Test]
    public void PushedProcessorInterruptsTheGuestDirectly()
    {
        uint vp = Allocate(0);
        Push(0, 0xFF00_0000_0000UL << 8, vp);
        machine.Start(XiveMachine.Device, Identifier(vp), 5, 0x77);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.OsLine(0), Is.True);
        Assert.That(machine.HypervisorLine(0), Is.False);
        Assert.That(machine.Load(0, XiveMachine.Tima(PullOs), 4), Is.EqualTo(Valid | vp));
        Assert.That(machine.OsLine(0), Is.False, "the hypervisor runs");
        Assert.That(machine.Load(0, XiveMachine.Tima(Os + Word2), 4), Is.EqualTo(vp));
        Assert.That(machine.Load(0, XiveMachine.Tima(Os), 8) & 0xFF, Is.EqualTo(5), "PIPR stays to be read");
    }

    [Test]
    public void StateThatWasSavedIsRestoredOnAnotherThread()
    {
        uint vp = Allocate(0);
        Push(0, 0x00FF_0000_0000_0000, vp);
        machine.Store(0, XiveMachine.Tima(SetOsPending), 1, 3);
        Assert.That(machine.OsLine(0), Is.True);
        machine.Load(0, XiveMachine.Tima(PullOs), 4);
        ulong saved = machine.Load(0, XiveMachine.Tima(Os), 8);
        Push(1, saved, vp);
        Assert.That(machine.OsLine(1), Is.True);
        Assert.That(machine.Load(1, XiveMachine.Tima(AckOs), 2), Is.EqualTo(0x8003), "EO and the priority");
        Assert.That(machine.OsLine(1), Is.False);
    }

    [Test]
    public void WhatCameInBetweenIsThereAtThePush()
    {
        uint vp = Allocate(0);
        machine.Start(XiveMachine.Device, Identifier(vp), 5, 1);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.OsLine(0), Is.False);
        Assert.That(machine.Call(Opal.OpalToken.XIVE_GET_VP_STATE, Identifier(vp), XiveMachine.Results), Is.Zero);
        Assert.That(machine.Get64(XiveMachine.Results), Is.EqualTo(0x04UL << 40), "IPB bit of priority 5");
        Push(0, 0x00FF_0000_0000_0000, vp);
        Assert.That(machine.OsLine(0), Is.True);
        Assert.That(machine.Load(0, XiveMachine.Tima(AckOs), 2), Is.EqualTo(0x8005));
        Assert.That(machine.Xive.VirtualProcessors.All.All(one => one.Backlog == 0), Is.True);
    }

    /// <summary>xive_native_setup_cpu pushes a pool; its events come to the physical ring with HE=1.</summary>
    [Test]
    public void PoolInterruptsTheHypervisor()
    {
        uint vp = Allocate(0);
        machine.Store(0, XiveMachine.Tima(Physical + 1), 1, 0xFF);
        machine.Store(0, XiveMachine.Tima(Pool), 4, 0xFF);
        machine.Store(0, XiveMachine.Tima(Pool + Word2), 4, Valid | vp);
        Assert.That(machine.Load(0, XiveMachine.Tima(Pool + Word2), 4), Is.EqualTo(Valid | vp));
        machine.Start(XiveMachine.Device, Identifier(vp), 5, 1);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
        Assert.That(machine.Load(0, XiveMachine.Tima(AckHypervisor), 2), Is.EqualTo(0x4005));
        Assert.That(machine.HypervisorLine(0), Is.False);
        Assert.That(machine.Load(0, XiveMachine.Tima(PullPool), 8), Is.EqualTo((ulong)(Valid | vp) << 32));
        Assert.That(machine.Load(0, XiveMachine.Tima(Pool + Word2), 4), Is.EqualTo(vp));
    }

    [Test]
    public void MostFavouredComesFirst()
    {
        uint vp = Allocate(0);
        Push(0, 0x00FF_0000_0000_0000, vp);
        foreach (byte priority in (byte[])[6, 2, 4])
            machine.Store(0, XiveMachine.Tima(SetOsPending), 1, priority);
        var order = new List<ulong>();
        for (int n = 0; n < 3; n++)
        {
            order.Add(machine.Load(0, XiveMachine.Tima(AckOs), 2));
            machine.Store(0, XiveMachine.Tima(Os + 1), 1, 0xFF);
        }

        Assert.That(order, Is.EqualTo(new ulong[] { 0x8002, 0x8004, 0x8006 }));
    }

    [TestCase(8)]
    [TestCase(0x55)]
    public void PriorityThatIsNoneOpens(byte cppr)
    {
        machine.Store(0, XiveMachine.Tima(Os + 1), 1, cppr);
        Assert.That(machine.Load(0, XiveMachine.Tima(Os + 1), 1), Is.EqualTo(0xFF));
    }

    private uint Allocate(int order)
    {
        long first = machine.Call(Opal.OpalToken.XIVE_ALLOCATE_VP_BLOCK, (ulong)Math.Max(order, 1));
        XiveMachine.Require(first);
        XiveMachine.Require(machine.Call(Opal.OpalToken.XIVE_SET_VP_INFO, (ulong)first, 1, 0));
        XiveMachine.Require(machine.Call(Opal.OpalToken.XIVE_GET_VP_INFO, (ulong)first, 0, XiveMachine.Results, 0, 0));
        uint vp = (uint)machine.Get64(XiveMachine.Results);
        XiveMachine.Require(machine.Call(Opal.OpalToken.XIVE_SET_QUEUE_INFO, (ulong)first, 5, XiveMachine.Ring, 16, 3));
        return vp;
    }

    private ulong Identifier(uint vp) => machine.Xive.VirtualProcessors.Encode(vp);

    private void Push(int thread, ulong words01, uint vp)
    {
        machine.Store(thread, XiveMachine.Tima(Os), 8, words01);
        machine.Store(thread, XiveMachine.Tima(Os + Word2), 4, Valid | vp);
    }
}
