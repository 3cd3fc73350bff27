using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Event-based branches: bits and order of ISA 3.0B Book II 7.</summary>
public sealed class EventBasedBranchTests
{
    private const ulong GlobalEnable = 1UL << 63;
    private const ulong PerformanceMonitorEnable = 1UL << 32;
    private const ulong PerformanceMonitorOccurred = 1;
    private const ulong Facility = 1UL << 7;
    private const ulong Handler = BareMachine.UserBase + 0x8000;
    private static readonly Context User = Context.GuestUser;

    [Test]
    public void AnEventBranchesToTheHandlerAndRfebbReturns()
    {
        using BareMachine m = Machine();
        m[SprNumber.EBBHR] = Handler | 3;
        m.Enter(User, Word("mtspr", SprNumber.BESCR, 3), Word("ori", 0, 0, 0))
            .Put(User.CodeReal - User.CodeAddress + Handler, Word("rfebb", 1))
            .WithGpr(3, GlobalEnable | PerformanceMonitorEnable | PerformanceMonitorOccurred)
            .Run(1);
        m.Cpu.Execute(0);
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo(Handler));
            Assert.That(m[SprNumber.EBBRR], Is.EqualTo(User.CodeAddress + 4));
            Assert.That(m[SprNumber.BESCR], Is.EqualTo(PerformanceMonitorEnable | PerformanceMonitorOccurred), "GE is off");
            Assert.That(m.CurrentMsr, Is.EqualTo(User.Msr), "no interrupt");
        });

        m[SprNumber.BESCR] = PerformanceMonitorEnable;
        m.Run(1);
        Assert.That((m.Nia, m[SprNumber.BESCR]), Is.EqualTo((User.CodeAddress + 4, GlobalEnable | PerformanceMonitorEnable)));
    }

    [Test]
    public void RfebbWithS0KeepsEventsOff()
    {
        using BareMachine m = Machine();
        m[SprNumber.EBBRR] = User.CodeAddress + 0x42;
        m[SprNumber.BESCR] = GlobalEnable | PerformanceMonitorEnable;
        m.Enter(User, Word("rfebb", 0)).Run(1);
        Assert.That((m.Nia, m[SprNumber.BESCR]), Is.EqualTo((User.CodeAddress + 0x40, PerformanceMonitorEnable)));
    }

    [TestCase(0UL)]
    [TestCase(GlobalEnable)]
    [TestCase(GlobalEnable | PerformanceMonitorEnable)]
    [TestCase(GlobalEnable | PerformanceMonitorOccurred)]
    [TestCase(PerformanceMonitorEnable | PerformanceMonitorOccurred)]
    public void NothingHappensWithoutAnEnabledEvent(ulong bescr)
    {
        using BareMachine m = Machine();
        m[SprNumber.BESCR] = bescr;
        m.Enter(User, Word("ori", 0, 0, 0)).Run(1);
        Assert.That(m.Nia, Is.EqualTo(User.CodeAddress + 4));
    }

    [Test]
    public void PrivilegedStateKeepsTheEventForTheReturnToProblemState()
    {
        using BareMachine m = Machine();
        Context kernel = Context.GuestKernel;
        m[SprNumber.BESCR] = GlobalEnable | PerformanceMonitorEnable | PerformanceMonitorOccurred;
        m[SprNumber.EBBHR] = Handler;
        m[SprNumber.SRR0] = User.CodeAddress;
        m[SprNumber.SRR1] = User.Msr;
        m.Enter(kernel, Word("ori", 0, 0, 0), Word("rfid")).Run(1);
        Assert.That(m.Nia, Is.EqualTo(kernel.CodeAddress + 4));
        m.Run(1);
        m.Cpu.Execute(0);
        Assert.That((m.Nia, m[SprNumber.EBBRR]), Is.EqualTo((Handler, User.CodeAddress)));
    }

    [Test]
    public void WithoutTheFacilityThereIsNoEventAndRfebbIsRefused()
    {
        using BareMachine m = Machine();
        m[SprNumber.FSCR] = 0;
        m[SprNumber.BESCR] = GlobalEnable | PerformanceMonitorEnable | PerformanceMonitorOccurred;
        m.Enter(User, Word("rfebb", 1)).RunToInterrupt();
        m.ExpectSrr(Vector.FacilityUnavailable, User.CodeAddress, 0, User.Msr);
        Assert.That(m[SprNumber.FSCR] >> 56, Is.EqualTo(7UL));
    }

    private static BareMachine Machine()
    {
        var machine = new BareMachine();
        machine[SprNumber.FSCR] = Facility;
        return machine;
    }
}
