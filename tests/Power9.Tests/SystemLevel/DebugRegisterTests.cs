using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>
/// DAWR0, DAWRX0 and CIABR: ISA 3.0B Book III, "Debug Facility"; where it is silent, what QEMU does (target/ppc: ppc_cpu_debug_check_watchpoint,
/// ppc_cpu_debug_check_breakpoint, helper_book3s_trace) and Linux expects (arch/powerpc/kernel/hw_breakpoint.c).
/// </summary>
public class DebugRegisterTests
{
    private const ulong Kernel = BareMachine.KernelBase + BareMachine.Data;
    private const ulong Loads = 0x20;
    private const ulong Stores = 0x40;
    private const ulong Either = 0x8;
    private const ulong Relocated = 0x10;
    private const ulong Problem = 1;
    private const ulong Privileged = 2;
    private const ulong Hypervisor = 4;
    private const uint DsisrMatch = 0x00400000;
    private const uint DsisrStore = 0x02000000;

    private static readonly Context[] Contexts = [Context.HostReal, Context.HostKernel, Context.GuestReal, Context.GuestKernel];

    private static readonly uint Nop = Word("ori", 0, 0, 0);

    private static uint[] LoadAndStore => [Word("ld", 4, 0, 3), Word("std", 5, 0, 3)];

    [Test]
    public void LoadMatches()
    {
        using BareMachine m = Watching(Kernel, Loads | Either | Privileged, Context.GuestKernel, LoadAndStore);
        m.WithGpr(3, Kernel).WithGpr(4, 7).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, Context.GuestKernel.CodeAddress, 0, Context.GuestKernel.Msr);
        Assert.That((m[SprNumber.DAR], m[SprNumber.DSISR], m.Gpr(4)), Is.EqualTo((Kernel, (ulong)DsisrMatch, 7UL)));
    }

    [Test]
    public void StoreMatchesAndIsNotPerformed()
    {
        using BareMachine m = Watching(Kernel, Stores | Either | Privileged, Context.GuestKernel, LoadAndStore);
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 0x1234;
        m.WithGpr(3, Kernel).WithGpr(5, 99).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, Context.GuestKernel.CodeAddress + 4, 0, Context.GuestKernel.Msr);
        Assert.That((m[SprNumber.DAR], m[SprNumber.DSISR], m.Gpr(4)), Is.EqualTo((Kernel, (ulong)(DsisrMatch | DsisrStore), 0x1234UL)));
        Assert.That(m.Word(BareMachine.GuestBase + BareMachine.Data), Is.EqualTo(0x1234));
    }

    [Test]
    public void StateAndRelocationCount(
        [ValueSource(nameof(Contexts))] object where, [Values(Problem, Privileged, Hypervisor, Privileged | Hypervisor)] ulong states, [Values(0UL, Relocated, Either, Either | Relocated)] ulong relocation)
    {
        var context = (Context)where;
        bool relocated = (context.Msr & Msr.DR) != 0;
        ulong ea = relocated ? Kernel : BareMachine.Data;
        using BareMachine m = Watching(ea, Loads | states | relocation, context, LoadAndStore);
        m.WithGpr(3, ea).Cpu.Execute(2);
        bool state = (states & ((context.Msr & Msr.HV) != 0 ? Hypervisor : Privileged)) != 0;
        bool relocates = (relocation & Either) != 0 || (relocation & Relocated) != 0 == relocated;
        Assert.That(m.Cpu.InterruptCounts[(int)Vector.DataStorage >> 5] > 0, Is.EqualTo(state && relocates));
    }

    // The range is DAWR0's doubleword and as many more as MRD says; an access matches with any of its bytes.
    [TestCase(0, 0UL, 8, ExpectedResult = true)]
    [TestCase(8, 0UL, 8, ExpectedResult = false)]
    [TestCase(-8, 0UL, 8, ExpectedResult = false)]
    [TestCase(-7, 0UL, 8, ExpectedResult = true)]
    [TestCase(-1, 0UL, 1, ExpectedResult = false)]
    [TestCase(7, 0UL, 1, ExpectedResult = true)]
    [TestCase(7, 0UL, 8, ExpectedResult = true)]
    [TestCase(8, 1UL, 8, ExpectedResult = true)]
    [TestCase(16, 1UL, 8, ExpectedResult = false)]
    [TestCase(511, 63UL, 1, ExpectedResult = true)]
    [TestCase(512, 63UL, 1, ExpectedResult = false)]
    public bool Range(int offset, ulong mrd, int size)
    {
        using BareMachine m = Watching(Kernel, Loads | Either | Privileged | (mrd << 10), Context.GuestKernel, size == 1 ? Word("lbz", 4, 0, 3) : Word("ld", 4, 0, 3));
        ulong ea = Kernel + (ulong)offset;
        m.WithGpr(3, ea).Cpu.Execute(1);
        bool matched = m.Cpu.InterruptCounts[(int)Vector.DataStorage >> 5] > 0;
        if (matched)
            Assert.That(m[SprNumber.DAR], Is.EqualTo(Math.Max(ea, Kernel)), "the first byte in the range");
        return matched;
    }

    // Linux never asks for more (hw_breakpoint.c); the comparison is of the bits above.
    [Test]
    public void RangeEndsWithIts512Bytes()
    {
        using BareMachine m = Watching(Kernel + 504, Loads | Either | Privileged | (63UL << 10), Context.GuestKernel, Word("ld", 4, 0, 3));
        m.WithGpr(3, Kernel + 512).Cpu.Execute(1);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    [Test]
    public void PageThatWasInUseIsWatchedAtOnce()
    {
        using var m = new BareMachine();
        Context c = Context.HostKernel;
        m.Enter(c, Word("ld", 4, 0, 3), Word("mtspr", SprNumber.DAWR0, 3), Word("mtspr", SprNumber.DAWRX0, 6), Word("ld", 4, 0, 3));
        m.WithGpr(3, Kernel).WithGpr(6, Loads | Either | Hypervisor).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, c.CodeAddress + 12, 0, c.Msr);
    }

    [TestCase("lwarx")]
    [TestCase("ldarx")]
    [TestCase("lvx")]
    public void IndexedLoadsMatch(string name)
    {
        using BareMachine m = Watching(Kernel, Loads | Either | Privileged, Context.GuestKernel, Word(name, 4, 0, 3));
        m.At(Context.GuestKernel.CodeAddress, Context.GuestKernel.Msr | Msr.VEC).WithGpr(3, Kernel).Cpu.Execute(1);
        Assert.That((m.Nia, m[SprNumber.DSISR]), Is.EqualTo(((ulong)Vector.DataStorage, (ulong)DsisrMatch)));
    }

    [Test]
    public void ConditionalStoreMatches()
    {
        Context c = Context.GuestKernel;
        using BareMachine m = Watching(Kernel, Stores | Either | Privileged, c, Word("ldarx", 4, 0, 3), Word("stdcx.", 5, 0, 3));
        m.WithGpr(3, Kernel).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, c.CodeAddress + 4, 0, c.Msr);
    }

    [Test]
    public void CacheBlockIsStoredAsAWhole()
    {
        Context c = Context.GuestKernel;
        using BareMachine m = Watching(Kernel + 64, Stores | Either | Privileged, c, Word("dcbz", 0, 3));
        m.WithGpr(3, Kernel).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, c.CodeAddress, 0, c.Msr);
        Assert.That(m[SprNumber.DAR], Is.EqualTo(Kernel + 64));
    }

    [Test]
    public void TouchIsNoAccess()
    {
        using BareMachine m = Watching(Kernel, Loads | Stores | Either | Privileged, Context.GuestKernel, Word("dcbt", 0, 3, 0), Nop);
        m.WithGpr(3, Kernel).Cpu.Execute(2);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    [TestCase(0x80UL, ExpectedResult = true)]
    [TestCase(0x00UL, ExpectedResult = false)]
    public bool BitZeroOfARealAddressCountsUnlessToldOtherwise(ulong control)
    {
        using BareMachine m = Watching(0x8000000000000000 | BareMachine.Data, Loads | Either | Hypervisor | control, Context.HostReal, Word("ld", 4, 0, 3));
        m.WithGpr(3, BareMachine.Data).Cpu.Execute(1);
        return m.Cpu.Deliveries != 0;
    }

    // CIABR's low bits: 1 problem, 2 privileged, 3 hypervisor state.
    [Test]
    public void CompletedInstructionIsTraced()
    {
        Context c = Context.GuestKernel;
        using var m = new BareMachine();
        m[SprNumber.CIABR] = (c.CodeAddress + 4) | 2;
        m.Enter(c, Nop, Word("addi", 3, 3, 1), Word("addi", 3, 3, 1), Nop).WithGpr(3, 0).RunToInterrupt();
        m.ExpectSrr(Vector.Trace, c.CodeAddress + 8, 0x40100000, c.Msr);
        Assert.That((m.Gpr(3), m[SprNumber.SIAR]), Is.EqualTo((1UL, c.CodeAddress + 4)));
    }

    [Test]
    public void BranchOutOfThePageIsTracedWhereItLeads()
    {
        Context c = Context.GuestKernel;
        using var m = new BareMachine();
        m[SprNumber.CIABR] = c.CodeAddress | 2;
        m.Enter(c, Word("b", 0x2000)).RunToInterrupt();
        m.ExpectSrr(Vector.Trace, c.CodeAddress + 0x2000, 0x40100000, c.Msr);
    }

    [TestCase(0UL, ExpectedResult = false)]
    [TestCase(1UL, ExpectedResult = false)]
    [TestCase(2UL, ExpectedResult = true)]
    [TestCase(3UL, ExpectedResult = false)]
    public bool StateOfTheBreakpointCounts(ulong privilege)
    {
        Context c = Context.GuestKernel;
        using var m = new BareMachine();
        m[SprNumber.CIABR] = (c.CodeAddress + 4) | privilege;
        m.Enter(c, Nop, Nop, Nop, Nop).Cpu.Execute(3);
        return m.Cpu.Deliveries != 0;
    }

    [Test]
    public void BreakpointGoesAway()
    {
        Context c = Context.HostKernel;
        using var m = new BareMachine();
        m[SprNumber.CIABR] = (c.CodeAddress + 4) | 3;
        m.Enter(c, Word("mtspr", SprNumber.CIABR, 3), Nop, Nop).WithGpr(3, 0).Cpu.Execute(3);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    [Test]
    public void InstructionThatInterruptsDidNotComplete()
    {
        Context c = Context.GuestKernel;
        using var m = new BareMachine();
        m[SprNumber.CIABR] = c.CodeAddress | 2;
        m.Enter(c, Word("tw", 31, 0, 0)).RunToInterrupt();
        Assert.That((m.Nia, m.Cpu.Deliveries), Is.EqualTo(((ulong)Vector.Program, 1L)));
    }

    private static BareMachine Watching(ulong dawr, ulong dawrx, Context context, params uint[] words)
    {
        var m = new BareMachine();
        m[SprNumber.DAWR0] = dawr;
        m[SprNumber.DAWRX0] = dawrx;
        return m.Enter(context, words);
    }
}
