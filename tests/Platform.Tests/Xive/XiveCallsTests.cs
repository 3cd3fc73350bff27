using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>OPAL_XIVE_* as Linux's arch/powerpc/sysdev/xive/native.c makes them, with skiboot's return codes (hw/xive.c).</summary>
internal sealed class XiveCallsTests
{
    private const long Parameter = -1;
    private const long Resource = -10;
    private const long WrongState = -14;
    private const long FreeActive = -32;
    private const ulong R = XiveMachine.Results;

    private XiveMachine machine = null!;

    [SetUp]
    public void MakeMachine() => machine = new XiveMachine();

    [TearDown]
    public void Free() => machine.Dispose();

    [Test]
    public void ModesExcludeEachOthersCalls()
    {
        foreach (OpalToken token in new[] { OpalToken.INT_GET_XIRR, OpalToken.INT_SET_CPPR, OpalToken.INT_SET_MFRR })
            Assert.That(machine.Call(token, 0), Is.EqualTo(WrongState), token.ToString());
        Assert.That(machine.Call(OpalToken.XIVE_RESET, 2), Is.EqualTo(Parameter));
        Assert.That(machine.Call(OpalToken.XIVE_RESET, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.INT_SET_CPPR, 0xFF), Is.Zero);
        foreach (OpalToken token in new[]
        {
            OpalToken.XIVE_GET_IRQ_INFO, OpalToken.XIVE_GET_IRQ_CONFIG, OpalToken.XIVE_SET_IRQ_CONFIG, OpalToken.XIVE_GET_QUEUE_INFO, OpalToken.XIVE_SET_QUEUE_INFO,
            OpalToken.XIVE_DONATE_PAGE, OpalToken.XIVE_ALLOCATE_IRQ, OpalToken.XIVE_FREE_IRQ, OpalToken.XIVE_ALLOCATE_VP_BLOCK, OpalToken.XIVE_FREE_VP_BLOCK,
            OpalToken.XIVE_GET_QUEUE_STATE, OpalToken.XIVE_SET_QUEUE_STATE,
        })
            Assert.That(machine.Call(token, XiveMachine.Device, R, R, R), Is.EqualTo(WrongState), token.ToString());
    }

    [Test]
    public void EmulationIsXicsUntilTheSwitch()
    {
        machine.Call(OpalToken.XIVE_RESET, 0);
        machine.Call(OpalToken.INT_SET_CPPR, 0xFF);
        Assert.That(machine.Call(OpalToken.SET_XIVE, XiveMachine.Device, 0 << 2, 5), Is.Zero);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
        Assert.That(machine.Call(OpalToken.INT_GET_XIRR, R, 0), Is.Zero);
        Assert.That(machine.Get32(R), Is.EqualTo(0xFF000000 | XiveMachine.Device));
        machine.Call(OpalToken.INT_EOI, 0xFF000000 | XiveMachine.Device);
        machine.Xive.Raise(XiveMachine.Device);
        machine.Call(OpalToken.XIVE_RESET, 1);
        Assert.That(machine.HypervisorLine(0), Is.False, "nothing is left of the emulation's");
    }

    [Test]
    public void SourceTellsItsPages()
    {
        Assert.That(machine.Call(OpalToken.XIVE_GET_IRQ_INFO, XiveMachine.Device, R, R + 8, R + 16, R + 24, R + 28), Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(machine.Get64(R), Is.EqualTo(1), "OPAL_XIVE_IRQ_TRIGGER_PAGE");
            Assert.That(machine.Get64(R + 8), Is.EqualTo(XiveMachine.Manage(XiveMachine.Device, 0)));
            Assert.That(machine.Get64(R + 16), Is.EqualTo(XiveMachine.Trigger(XiveMachine.Device)));
            Assert.That(machine.Get32(R + 24), Is.EqualTo(17));
            Assert.That(machine.Get32(R + 28), Is.Zero, "chip");
        });
    }

    [Test]
    public void LevelSourceSaysSoAndHasNoTriggerPage()
    {
        machine.Xive.Sources.MakeLevel(XiveMachine.Device);
        Assert.That(machine.Call(OpalToken.XIVE_GET_IRQ_INFO, XiveMachine.Device, R, R + 8, R + 16, 0, 0), Is.Zero);
        Assert.That(machine.Get64(R), Is.EqualTo(4), "OPAL_XIVE_IRQ_LSI");
        Assert.That(machine.Get64(R + 16), Is.Zero);
    }

    [Test]
    public void RouteReadsBack()
    {
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, XiveMachine.Device, 4, 6, 0x123), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_IRQ_CONFIG, XiveMachine.Device, R, R + 8, R + 12), Is.Zero);
        Assert.That((machine.Get64(R), machine.Get32(R + 8) >> 24, machine.Get32(R + 12)), Is.EqualTo((4UL, 6u, 0x123u)));
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, XiveMachine.Device, 4, 0xFF, 0x7FFFFFFF), Is.Zero);
        machine.Call(OpalToken.XIVE_GET_IRQ_CONFIG, XiveMachine.Device, R, R + 8, R + 12);
        Assert.That(machine.Get32(R + 8) >> 24, Is.EqualTo(0xFF), "masked");
    }

    [TestCase(0x11UL, 0UL, 7UL, TestName = "nobody's source")]
    [TestCase(0x20000UL, 0UL, 7UL, TestName = "no source")]
    [TestCase(0x10UL, 1UL, 7UL, TestName = "no thread")]
    [TestCase(0x10UL, 0UL, 8UL, TestName = "no priority")]
    [TestCase(0x10UL, 1UL, 0xFFUL, TestName = "masked, of no thread")]
    [TestCase(0x1000008UL, 0UL, 7UL, TestName = "escalation of nobody's queue")]
    [TestCase(0x2000010UL, 0UL, 7UL, TestName = "beyond escalations")]
    public void RouteIsRefused(ulong source, ulong target, ulong priority) =>
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, source, target, priority, 1), Is.EqualTo(Parameter));

    [Test]
    public void NumbersAreGivenOnceAndAgainWhenFree()
    {
        long first = machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0);
        long second = machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0xFFFFFFFF);
        Assert.That(first, Is.GreaterThan(XiveMachine.Device));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(machine.Call(OpalToken.XIVE_SET_IRQ_CONFIG, (ulong)first, 0, 7, 1), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_FREE_IRQ, (ulong)first), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_FREE_IRQ, (ulong)first), Is.EqualTo(Parameter));
        Assert.That(machine.Call(OpalToken.XIVE_FREE_IRQ, XiveMachine.Device), Is.EqualTo(Parameter), "a device's");
        Assert.That(machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 1), Is.EqualTo(Parameter), "no such chip");
        Assert.That(machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0), Is.EqualTo(first));
        Assert.That(machine.Load(0, XiveMachine.Manage((uint)first, 0x800), 8), Is.EqualTo(0b01), "off");
    }

    [Test]
    public void NumbersEnd()
    {
        long last = 0;
        for (long number = 1; number > 0; number = machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0))
            last = number;
        Assert.That(last, Is.EqualTo(XiveMap.Sources - 1));
        Assert.That(machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0), Is.EqualTo(Resource));
    }

    [TestCase(12UL)]
    [TestCase(16UL)]
    [TestCase(21UL)]
    [TestCase(24UL)]
    public void QueueReadsBack(ulong size)
    {
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, 4, 6, 0x12345000, size, 7), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_QUEUE_INFO, 4, 6, R, R + 8, R + 16, R + 24, R + 32), Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(machine.Get64(R), Is.EqualTo(0x12345000));
            Assert.That(machine.Get64(R + 8), Is.EqualTo(size));
            Assert.That(machine.Get64(R + 32), Is.EqualTo(7), "enabled, always notify, escalate");
        });
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_STATE, 4, 6, 0, 17), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_QUEUE_STATE, 4, 6, R, R + 4), Is.Zero);
        Assert.That((machine.Get32(R), machine.Get32(R + 4)), Is.EqualTo((0u, 17u)));
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, 4, 6, 0, 0, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_QUEUE_STATE, 4, 6, R, R + 4), Is.EqualTo(WrongState), "off");
    }

    [TestCase(0UL, 8UL, 12UL, TestName = "no priority")]
    [TestCase(1UL, 7UL, 12UL, TestName = "no thread")]
    [TestCase(0UL, 7UL, 13UL, TestName = "no size")]
    public void QueueIsRefused(ulong target, ulong priority, ulong size) =>
        Assert.That(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, target, priority, XiveMachine.Ring, size, 1), Is.EqualTo(Parameter));

    [Test]
    public void BlockIsFreedOnlyWhenAllAreDisabled()
    {
        ulong first = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 2);
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, first + 3, 1, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_FREE_VP_BLOCK, first), Is.EqualTo(FreeActive));
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, first + 3, 0, 0), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_FREE_VP_BLOCK, first + 1), Is.EqualTo(Parameter));
        Assert.That(machine.Call(OpalToken.XIVE_FREE_VP_BLOCK, first), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_FREE_VP_BLOCK, first), Is.EqualTo(Parameter));
        Assert.That(machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 40), Is.EqualTo(Resource));
    }

    [Test]
    public void ProcessorTellsItsNumberAndState()
    {
        ulong first = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 1);
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_STATE, first, R), Is.EqualTo(WrongState), "not enabled");
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, first, 1, 0x12300), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_SET_VP_INFO, first, 1, 0x12301), Is.EqualTo(Parameter), "report lines are pairs of lines");
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_INFO, first, R, R + 8, R + 16, R + 24), Is.Zero);
        Assert.That((machine.Get64(R), machine.Get64(R + 8), machine.Get64(R + 16), machine.Get32(R + 24)), Is.EqualTo((1UL, first & 0xFFFFFF, 0x12300UL, 0u)));
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_STATE, first, R), Is.Zero);
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_STATE, 0x80000000, R), Is.EqualTo(Parameter), "a group");
    }

    [TestCase(1UL, 0x10UL, 0)]
    [TestCase(2UL, 0x10UL, 0)]
    [TestCase(2UL, 0x11UL, -1)]
    [TestCase(1UL, 0x20000UL, -1)]
    [TestCase(4UL, 0x20000UL, 0)]
    public void Sync(ulong what, ulong source, long result) => Assert.That(machine.Call(OpalToken.XIVE_SYNC, what, source), Is.EqualTo(result));

    [TestCase(0UL, 4UL, 0)]
    [TestCase(2UL, 0UL, 0)]
    [TestCase(3UL, 9UL, -1)]
    [TestCase(4UL, 4UL, 0)]
    [TestCase(4UL, 5UL, -1)]
    [TestCase(5UL, 0UL, 0)]
    [TestCase(6UL, 0UL, -1)]
    public void Dump(ulong what, ulong id, long result) => Assert.That(machine.Call(OpalToken.XIVE_DUMP, what, id), Is.EqualTo(result));

    [TestCase(0UL, 0x50000UL, 0)]
    [TestCase(0UL, 0x50008UL, -1)]
    [TestCase(1UL, 0x50000UL, -1)]
    public void DonatedPage(ulong chip, ulong page, long result) => Assert.That(machine.Call(OpalToken.XIVE_DONATE_PAGE, chip, page), Is.EqualTo(result));

    [Test]
    public void ResultsDoNotGoIntoSecureMemory()
    {
        Assert.That(machine.Call(OpalToken.XIVE_GET_IRQ_INFO, XiveMachine.Device, XiveMachine.SecureAddress, 0, 0, 0, 0), Is.EqualTo(Parameter));
        Assert.That(machine.Call(OpalToken.XIVE_GET_VP_INFO, 0, 0, XiveMachine.SecureAddress, 0, 0), Is.EqualTo(Parameter));
    }

    /// <summary>opal_xive_eoi: in exploitation mode the whole word is a source.</summary>
    [Test]
    public void EoiByFirmwareEndsASource()
    {
        machine.Start(XiveMachine.Device, 0, 7, 1);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.Call(OpalToken.INT_EOI, XiveMachine.Device), Is.Zero);
        Assert.That(machine.Load(0, XiveMachine.Manage(XiveMachine.Device, 0x800), 8), Is.Zero);
        Assert.That(machine.Call(OpalToken.INT_EOI, 0x11), Is.EqualTo(Parameter));
    }

    [Test]
    public void ResetForgetsEverything()
    {
        machine.OpenThread(0, XiveMachine.Ring);
        machine.Start(XiveMachine.Device, 0, 7, 1);
        ulong vp = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 1);
        machine.Xive.Raise(XiveMachine.Device);
        Assert.That(machine.HypervisorLine(0), Is.True);
        Assert.That(machine.Call(OpalToken.XIVE_RESET, 1), Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(machine.HypervisorLine(0), Is.False);
            Assert.That(machine.Call(OpalToken.XIVE_FREE_VP_BLOCK, vp), Is.EqualTo(Parameter));
            Assert.That(machine.Load(0, XiveMachine.Manage(XiveMachine.Device, 0x800), 8), Is.EqualTo(0b01));
            Assert.That(machine.Call(OpalToken.XIVE_GET_QUEUE_STATE, 0, 7, R, R + 4), Is.EqualTo(WrongState));
            Assert.That(machine.Load(0, XiveMachine.Tima(0x31), 1), Is.Zero);
        });
    }
}
