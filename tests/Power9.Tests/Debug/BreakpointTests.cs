using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>A breakpoint stops before its instruction, which is neither executed nor counted, and changes nothing else.</summary>
public sealed unsafe class BreakpointTests
{
    private const ulong Code = BareMachine.Code;

    private static uint Increment(int register) => Word("addi", register, register, 1);

    // Four increments of GPR 4 and a branch back to the first.
    private static BareMachine Loop()
    {
        var m = new BareMachine();
        m.Enter(Context.HostReal, Increment(4), Increment(4), Increment(4), Increment(4), Word("b", -16)).WithGpr(4, 0);
        return m;
    }

    private static void ExpectStop(BareMachine m, long asked, long executed, ulong nia)
    {
        long before = m.S->Executed;
        Assert.That(m.Cpu.Execute(asked), Is.EqualTo(executed), "returned count");
        Assert.That(m.Cpu.StoppedAtBreakpoint, Is.True);
        Assert.That(m.S->Executed - before, Is.EqualTo(executed), "Executed");
        Assert.That(m.Nia, Is.EqualTo(nia));
    }

    [TestCase(0, true)]
    [TestCase(0, false)]
    [TestCase(2, true)]
    [TestCase(2, false)]
    [TestCase(4, true)]
    [TestCase(4, false)]
    public void StopsBeforeTheInstruction(int index, bool decodedBefore)
    {
        using BareMachine m = Loop();
        if (decodedBefore)
            m.Cpu.Execute(10);
        m.WithGpr(4, 0);
        m.Cpu.Breakpoints.Add(Code + (4 * (ulong)index), DebugContext.Any);
        ExpectStop(m, 1000, index, Code + (4 * (ulong)index));
        Assert.That(m.Gpr(4), Is.EqualTo(index));
    }

    [Test]
    public void StopsAgainUntilPassedAndThenInTheNextRound()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Hypervisor);
        ExpectStop(m, 1000, 2, Code + 8);
        ExpectStop(m, 1000, 0, Code + 8);
        m.Cpu.PassBreakpoint();
        ExpectStop(m, 1000, 5, Code + 8);
        Assert.That(m.Gpr(4), Is.EqualTo(2 + 4));
    }

    [Test]
    public void ABudgetThatEndsAtTheBreakpointIsNoStop()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Any);
        Assert.That(m.Cpu.Execute(2), Is.EqualTo(2));
        Assert.That((m.Nia, m.Cpu.StoppedAtBreakpoint), Is.EqualTo((Code + 8, false)));
        Assert.That(m.Cpu.Execute(0), Is.Zero);
        Assert.That(m.Cpu.StoppedAtBreakpoint, Is.False);
        ExpectStop(m, 1, 0, Code + 8);
    }

    [Test]
    public void APassIsForOneInstruction()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code, DebugContext.Any);
        m.Cpu.Breakpoints.Add(Code + 4, DebugContext.Any);
        ExpectStop(m, 1000, 0, Code);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(0), Is.Zero);
        ExpectStop(m, 1000, 1, Code + 4);

        // One that meets no breakpoint is used up all the same.
        m.At(Code + 8, Context.HostReal.Msr).Cpu.PassBreakpoint();
        ExpectStop(m, 1000, 3, Code);
    }

    /// <summary>A hook that moves NIA: what is there now is another arrival.</summary>
    [Test]
    public void APassIsForTheAddressThatItWasGivenAt()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + 4, DebugContext.Any);
        m.Cpu.Breakpoints.Add(Code + 12, DebugContext.Any);
        ExpectStop(m, 1000, 1, Code + 4);
        m.Cpu.PassBreakpoint();
        m.At(Code + 12, Context.HostReal.Msr);
        ExpectStop(m, 1000, 0, Code + 12);
        m.Cpu.PassBreakpoint();
        ExpectStop(m, 1000, 3, Code + 4);
    }

    [Test]
    public void RemovedOnesDoNotStop()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Any);
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Guest(1));
        ExpectStop(m, 1000, 2, Code + 8);
        Assert.That(m.Cpu.Breakpoints.Remove(Code + 8, DebugContext.Any), Is.True);
        Assert.That(m.Cpu.Execute(1000), Is.EqualTo(1000));
        Assert.That(m.Cpu.StoppedAtBreakpoint, Is.False);
        Assert.That(m.Cpu.Breakpoints, Is.EqualTo(new[] { new Breakpoint(Code + 8, DebugContext.Guest(1)) }));
    }

    [Test]
    public void TheSetIsASet()
    {
        using var m = new BareMachine();
        BreakpointSet set = m.Cpu.Breakpoints;
        Assert.That((set.Add(8, DebugContext.Any), set.Add(8, DebugContext.Any), set.Add(8, DebugContext.Guest(2)), set.Add(4, DebugContext.Any)), Is.EqualTo((true, false, true, true)));
        Assert.That(string.Join(", ", set.Select(b => $"{b.Address} {b.Context}")), Is.EqualTo("4 any, 8 any, 8 guest 2"));
        Assert.That((set.Count, set.Contains(8, DebugContext.Guest(2)), set.Contains(4, DebugContext.Guest(2))), Is.EqualTo((3, true, false)));
        Assert.That((set.Remove(4, DebugContext.Hypervisor), set.Remove(4, DebugContext.Any), set.Remove(4, DebugContext.Any)), Is.EqualTo((false, true, false)));
        set.Clear();
        Assert.That((set.Count, set.FirstOrDefault()), Is.EqualTo((0, default(Breakpoint))));
    }

    /// <summary>Slots of the same page offset in other pages only check; every instruction there does what it did.</summary>
    [TestCase(8, 0x1000)]
    [TestCase(8, 0x40001000)]
    public void OtherPagesWithTheSameOffsetRunOn(int offset, long elsewhere)
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + (ulong)(offset + elsewhere), DebugContext.Any);
        Assert.That(m.Cpu.Execute(1000), Is.EqualTo(1000));
        Assert.That((m.Gpr(4), m.Nia), Is.EqualTo((800UL, Code)));
    }

    [Test]
    public void BranchesUnderACheckGoWhereTheyDid([Range(0, 3)] int index)
    {
        // Forward and, conditionally, backward within the page; to another page and back from there.
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("b", 12), Increment(6), Word("b", 0x2000 - 8), Word("bc", 20, 0, -4)).WithGpr(5, 0).WithGpr(6, 0);
        m.Put(Code + 0x2000, Increment(5), Word("b", -0x2004));
        m.Cpu.Breakpoints.Add((5UL << 40) + Code + (4 * (ulong)index), DebugContext.Any);
        Assert.That(m.Cpu.Execute(50), Is.EqualTo(50));
        Assert.That((m.Gpr(5), m.Gpr(6), m.Nia), Is.EqualTo((10UL, 0UL, Code)));
    }

    /// <summary>The slot behind the last of a page continues on the next page: the first instruction there is reached without a fetch.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void FallThroughIntoTheNextPage(bool nextPageAtHand)
    {
        using var m = new BareMachine();
        const ulong Next = Code + 0x1000;
        m.Put(Next - 8, Increment(4), Increment(4), Increment(4), Increment(4));
        if (nextPageAtHand)
            m.At(Next, Context.HostReal.Msr).Run(2);
        m.WithGpr(4, 0).At(Next - 8, Context.HostReal.Msr);
        m.Cpu.Breakpoints.Add(Next, DebugContext.Any);
        ExpectStop(m, 4, 2, Next);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(2), Is.EqualTo(2));
        Assert.That(m.Gpr(4), Is.EqualTo(4));
    }

    [Test]
    public void TheLastInstructionOfAPage()
    {
        using var m = new BareMachine();
        const ulong Last = Code + 0xFFC;
        m.Put(Last - 4, Increment(4), Increment(4), Increment(4)).WithGpr(4, 0).At(Last - 4, Context.HostReal.Msr);
        m.Cpu.Breakpoints.Add(Last, DebugContext.Any);
        ExpectStop(m, 3, 1, Last);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(2), Is.EqualTo(2));
        Assert.That(m.Gpr(4), Is.EqualTo(3));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(false, false)]
    public void InEveryMode(bool littleEndian, bool wide)
    {
        using var m = new BareMachine();
        ulong msr = (Context.HostReal.Msr & ~(Msr.LE | Msr.SF)) | (littleEndian ? Msr.LE : 0) | (wide ? Msr.SF : 0);
        m.PutIn(Code, littleEndian, Increment(4), Increment(4), Increment(4));

        // With SF=0 the upper half of NIA does not count.
        m.WithGpr(4, 0).At(wide ? Code : Code | (7UL << 32), msr);
        m.Cpu.Breakpoints.Add(Code + 4, DebugContext.Any);
        ExpectStop(m, 3, 1, Code + 4);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(2), Is.EqualTo(2));
        Assert.That(m.Gpr(4), Is.EqualTo(3));
    }

    [Test]
    public void IllegalWordsAndSystemCallsInterruptAsEver()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, 0, Word("sc", 0));
        m.Cpu.Breakpoints.Add(Code, DebugContext.Any);
        m.Cpu.Breakpoints.Add(Code + 4, DebugContext.Any);
        ExpectStop(m, 10, 0, Code);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(1), Is.EqualTo(1));
        m.ExpectHsrr(Vector.HypervisorEmulationAssistance, Code, 0, Context.HostReal.Msr);
        Assert.That(m[SprNumber.HEIR], Is.Zero);
        m.At(Code + 4, Context.HostReal.Msr);
        ExpectStop(m, 10, 0, Code + 4);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(1), Is.EqualTo(1));
        m.ExpectSrr(Vector.SystemCall, Code + 8, 0, Context.HostReal.Msr);
    }

    [Test]
    public void AtAnInterruptVector()
    {
        using BareMachine m = Loop();
        m.Put(0x980, Increment(5));
        m[SprNumber.LPCR] = m[SprNumber.LPCR] | Lpcr.HDICE;
        m.At(Code, Context.HostReal.Msr | Msr.EE);
        m[SprNumber.HDEC] = 10;
        m.Cpu.Breakpoints.Add(0x980, DebugContext.Hypervisor);

        // HDEC is 10 before the first instruction, so it turns negative after the eleventh.
        ExpectStop(m, 1000, 11, 0x980);
        Assert.That(m.Cpu.Deliveries, Is.EqualTo(1));
        m.Cpu.PassBreakpoint();
        m.Cpu.Execute(1);
        Assert.That((m.Gpr(5), m.Nia), Is.EqualTo((1UL, 0x984UL)));
    }

    /// <summary>An interrupt that comes up while the thread stands at a breakpoint waits for the passed instruction: one arrival, one stop.</summary>
    [Test]
    public void APassGoesBeforeAnInterrupt()
    {
        using BareMachine m = Loop();
        m[SprNumber.LPCR] = m[SprNumber.LPCR] | Lpcr.HVICE;
        m.At(Code, Context.HostReal.Msr | Msr.EE);
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Any);
        ExpectStop(m, 1000, 2, Code + 8);
        m.Cpu.SetExternalInput(true);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(1), Is.EqualTo(1));
        Assert.That(m.Gpr(4), Is.EqualTo(3));
        m.ExpectHsrr(Vector.HypervisorVirtualization, Code + 12, 0, Context.HostReal.Msr | Msr.EE);
    }

    [Test]
    public void OnlyInItsWorld()
    {
        Context[] contexts = [Context.HostReal, Context.GuestReal, Context.SvmReal, Context.Ultravisor];
        (DebugContext Where, bool[] Stops)[] table =
        [
            (DebugContext.Any, [true, true, true, true]),
            (DebugContext.Hypervisor, [true, false, false, true]),
            (DebugContext.Guest(BareMachine.Lpid), [false, true, false, false]),
            (DebugContext.Guest(BareMachine.SecureLpid), [false, false, true, false]),
            (DebugContext.Guest(9), [false, false, false, false]),
        ];
        foreach ((DebugContext where, bool[] stops) in table)
        {
            for (int n = 0; n < contexts.Length; n++)
            {
                using BareMachine m = new BareMachine().WithSecureGuest();
                m.Cpu.Breakpoints.Add(contexts[n].CodeAddress + 4, where);
                m.Enter(contexts[n], Increment(4), Increment(4), Increment(4));
                Assert.That((m.Cpu.Execute(3), m.Cpu.StoppedAtBreakpoint), Is.EqualTo(stops[n] ? (1L, true) : (3L, false)), $"{where} in {contexts[n]}");
            }
        }
    }

    /// <summary>One real page at two effective addresses: only the one that is meant stops.</summary>
    [Test]
    public void OnlyAtItsEffectiveAddress()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Increment(4), Increment(4), Increment(4));
        m.Cpu.Breakpoints.Add(Context.HostKernel.CodeAddress + 4, DebugContext.Any);
        Assert.That(m.Cpu.Execute(3), Is.EqualTo(3));
        m.At(Context.HostKernel.CodeAddress, Context.HostKernel.Msr);
        ExpectStop(m, 3, 1, Context.HostKernel.CodeAddress + 4);
    }

    [Test]
    public void OnlyOnItsCpu()
    {
        using BareMachine m = Loop();
        using var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        other.State->Nia = Code;
        other.SetMsr(Context.HostReal.Msr);
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Any);
        other.Breakpoints.Add(Code + 4, DebugContext.Any);
        other.Breakpoints.Add(Code + 8, DebugContext.Guest(1));
        ExpectStop(m, 100, 2, Code + 8);
        Assert.That((other.Execute(100), other.StoppedAtBreakpoint, other.State->Nia), Is.EqualTo((1L, true, Code + 4)));

        // One CPU's clearing leaves the other's.
        m.Cpu.Breakpoints.Clear();
        Assert.That(m.Cpu.Execute(98), Is.EqualTo(98));
        Assert.That((other.Execute(100), other.StoppedAtBreakpoint), Is.EqualTo((0L, true)));
    }

    [Test]
    public void ACpuThatIsGoneLeavesNoChecks()
    {
        using BareMachine m = Loop();
        var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        other.Breakpoints.Add(Code + 4, DebugContext.Any);
        m.Cpu.Execute(10);
        long decoded = m.Memory.Code.Decoded;
        other.Dispose();
        m.Cpu.Execute(10);
        Assert.That(m.Memory.Code.Decoded - decoded, Is.EqualTo(1), "the slot decoded again, plain");
        Assert.That(m.Gpr(4), Is.EqualTo(16));
    }

    [Test]
    public void ModifiedCodeUnderABreakpoint()
    {
        using BareMachine m = Loop();
        m.Cpu.Breakpoints.Add(Code + 8, DebugContext.Any);
        ExpectStop(m, 100, 2, Code + 8);
        m.Put(Code + 8, Increment(7)).WithGpr(7, 0);
        ExpectStop(m, 100, 0, Code + 8);
        m.Cpu.PassBreakpoint();
        m.Cpu.Execute(1);
        Assert.That((m.Gpr(7), m.Gpr(4)), Is.EqualTo((1UL, 2UL)));
    }

    /// <summary>
    /// A word that changed without notice, as a table walk's update of R and C changes it: handler and operands must be of one word. A near branch with
    /// the operand of an addi would leave the page's slots.
    /// </summary>
    [Test]
    public void AWordThatChangedUnnoticed()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("addi", 4, 0, 0x7000), Increment(5), Word("b", -8)).WithGpr(5, 0);
        m.Cpu.Breakpoints.Add(Code + (1UL << 32), DebugContext.Any);
        m.Run(3);
        *(uint*)m.Host(Code) = Word("b", 4);
        m.Run(3);
        Assert.That((m.Gpr(5), m.Nia), Is.EqualTo((2UL, Code)));
    }

    /// <summary>Trace interrupts come after instructions that executed; one that stops has not.</summary>
    [Test]
    public void NoTraceInterruptAtAStop()
    {
        using BareMachine m = Loop();
        m.At(Code, Context.HostReal.Msr | Msr.SE);
        m.Cpu.Breakpoints.Add(Code, DebugContext.Any);
        ExpectStop(m, 10, 0, Code);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
        m.Cpu.PassBreakpoint();
        Assert.That(m.Cpu.Execute(1), Is.EqualTo(1));
        m.ExpectSrr(Vector.Trace, Code + 4, 0x40000000, Context.HostReal.Msr | Msr.SE);
    }

    [Test]
    public void AnObserverSeesEachInstructionOnce()
    {
        using BareMachine m = Loop();
        var observer = new Addresses();
        m.Cpu.Observer = observer;
        m.Cpu.Breakpoints.Add(Code + 4, DebugContext.Any);
        ExpectStop(m, 10, 1, Code + 4);
        ExpectStop(m, 10, 0, Code + 4);
        m.Cpu.PassBreakpoint();
        m.Cpu.Execute(2);
        Assert.That(observer.Seen, Is.EqualTo(new[] { Code, Code + 4, Code + 8 }));
    }

    /// <summary>Stops at any place of a program leave its result and its time as they are.</summary>
    [Test]
    public void StopsDoNotChangeARun()
    {
        (ulong[] Gpr, ulong Nia, ulong TimeBase, long Deliveries) Run(bool breaks)
        {
            using BareMachine m = Loop();
            m.Put(0x900, Word("mtspr", SprNumber.DEC, 6), Increment(5), Word("rfid"));
            m.At(Code, Context.HostReal.Msr | Msr.EE).WithGpr(5, 0).WithGpr(6, 37);
            m[SprNumber.DEC] = 37;
            if (breaks)
            {
                foreach (ulong address in new[] { Code, Code + 8, Code + 16, 0x900UL, 0x908UL })
                    m.Cpu.Breakpoints.Add(address, DebugContext.Any);
            }

            for (long left = 5000; left > 0;)
            {
                left -= m.Cpu.Execute(left);
                if (m.Cpu.StoppedAtBreakpoint)
                    m.Cpu.PassBreakpoint();
            }

            return ([.. Enumerable.Range(0, 32).Select(m.Gpr)], m.Nia, m.Cpu.TimeBase, m.Cpu.Deliveries);
        }

        var plain = Run(breaks: false);
        var stopped = Run(breaks: true);
        Assert.That(plain.Deliveries, Is.GreaterThan(50));
        Assert.That((stopped.Nia, stopped.TimeBase, stopped.Deliveries), Is.EqualTo((plain.Nia, plain.TimeBase, plain.Deliveries)));
        Assert.That(stopped.Gpr, Is.EqualTo(plain.Gpr));
    }

    private sealed class Addresses : IInstructionObserver
    {
        public List<ulong> Seen { get; } = [];

        public void Before(Cpu cpu, ulong address, uint word) => Seen.Add(address);
    }
}
