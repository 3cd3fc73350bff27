using NUnit.Framework;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Tests.Profiling;

/// <summary>Chains of stack frames in the kernel's linear map, as the ELFv2 ABI and Linux's asm/ptrace.h lay them out; and such as a hostile guest makes.</summary>
internal sealed unsafe class StackWalkTests
{
    private const ulong Linear = 0xC000000000000000;
    private const ulong Stack = Linear + 0x10000;
    private const int RamSize = 0x40000;

    // Functions are 0x100 apart from 0x1000 on; frame numbers are theirs.
    private const ulong Functions = Linear + 0x1000;
    private const int FunctionSize = 0x100;
    private const int Count = 100;

    private readonly PhysicalMemory memory = new();
    private readonly Cpu cpu;
    private readonly RamRange ram;

    public StackWalkTests()
    {
        ram = memory.AddRam(0, RamSize, secure: false);
        cpu = new Cpu(memory, 0);
    }

    [SetUp]
    public void Empty()
    {
        new Span<byte>(ram.Host, RamSize).Clear();
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        cpu.State->Spr[SprNumber.LR] = 0;
    }

    [OneTimeTearDown]
    public void Free()
    {
        cpu.Dispose();
        memory.Dispose();
    }

    [Test]
    public void FollowsTheBackChain()
    {
        // 5 was called by 4, that by 3, that by 2, whose caller's frame ends the chain. LR is in 5: it has called somebody.
        Frame(Stack, Stack + 0x40);
        Frame(Stack + 0x40, Stack + 0x90, InFunction(4));
        Frame(Stack + 0x90, Stack + 0x200, InFunction(3));
        Frame(Stack + 0x200, 0, InFunction(2));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Is.EqualTo(new[] { 5, 4, 3, 2 }));
    }

    [Test]
    public void ALeafsCallerIsInLr()
    {
        // 6 has no frame: r1 is its caller's, 5's.
        Frame(Stack, Stack + 0x40);
        Frame(Stack + 0x40, 0, InFunction(4));
        Assert.That(Walk(6, Stack, link: InFunction(5)), Is.EqualTo(new[] { 6, 5, 4 }));
    }

    [Test]
    public void AFreshFrameHasLrTwice()
    {
        // 5 has made its frame and not called anybody: LR is what it has just saved.
        Frame(Stack, Stack + 0x40);
        Frame(Stack + 0x40, 0, InFunction(4));
        Assert.That(Walk(5, Stack, link: InFunction(4)), Is.EqualTo(new[] { 5, 4 }));
    }

    [Test]
    public void AReturnBehindTheLastInstructionIsTheCallers()
    {
        // A call that never returns may be a function's last instruction.
        Frame(Stack, Stack + 0x40);
        Frame(Stack + 0x40, 0, Functions + (5 * FunctionSize));
        Assert.That(Walk(9, Stack, link: InFunction(9)), Is.EqualTo(new[] { 9, 4 }));
    }

    // STACK_FRAME_MARKER and STACK_FRAME_OVERHEAD of Linux 6.1; STACK_INT_FRAME_MARKER and STACK_INT_FRAME_REGS of Linux 6.12, ELFv2.
    [TestCase(96UL, 112UL)]
    [TestCase(32UL, 48UL)]
    public void GoesOnBehindAnInterrupt(ulong marker, ulong registers)
    {
        const ulong Interrupt = Stack + 0x40;
        const ulong Interrupted = Stack + 0x400;

        // 9, called by 8 of the interrupt's entry; interrupted was 3, a leaf that 2 had called; 1 had called 2.
        Frame(Stack, Interrupt);
        Frame(Interrupt, Interrupted, InFunction(8));
        Write(Interrupt + marker, 0x52454753); // "REGS"
        Write(Interrupt + registers + (32 * 8), Functions + (3 * FunctionSize)); // its first instruction
        Write(Interrupt + registers + (33 * 8), Msr.SF | Msr.HV | Msr.LE);
        Write(Interrupt + registers + (36 * 8), InFunction(2));
        Frame(Interrupted, Interrupted + 0x80, InFunction(77)); // left by a call before
        Frame(Interrupted + 0x80, 0, InFunction(1));
        Assert.That(Walk(9, Stack, link: InFunction(9)), Is.EqualTo(new[] { 9, 8, 3, 2, 1 }));
    }

    [Test]
    public void EndsWhereAProcessWasInterrupted()
    {
        const ulong Entry = Stack + 0x40;
        Frame(Stack, Entry);
        Frame(Entry, Stack + 0x400, InFunction(8));
        Write(Entry + 96, 0x52454753);
        Write(Entry + 112 + (33 * 8), Msr.SF | Msr.HV | Msr.LE | Msr.PR);
        Frame(Stack + 0x400, 0, InFunction(7));
        Assert.That(Walk(9, Stack, link: InFunction(9)), Is.EqualTo(new[] { 9, 8 }));
    }

    [Test]
    public void ReadsBigEndianKernels()
    {
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        Frame(Stack, Stack + 0x40);
        Frame(Stack + 0x40, 0, InFunction(4));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Is.EqualTo(new[] { 5, 4 }));
    }

    [TestCase(Stack, TestName = "ALoop")]
    [TestCase(Stack - 0x100, TestName = "ADownwardChain")]
    [TestCase(Stack + 0x41, TestName = "AMisalignedFrame")]
    [TestCase(Linear + RamSize, TestName = "AFrameOutsideOfMemory")]
    [TestCase(ulong.MaxValue, TestName = "TheLastByte")]
    [TestCase(0xCFFF_FFFF_FFFF_FFF8UL, TestName = "TheLastFrame")]
    [TestCase(0x10040UL, TestName = "AFrameOfAProcess")]
    public void EndsAt(ulong caller)
    {
        Frame(Stack, caller, InFunction(1));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Is.EqualTo(new[] { 5 }));
    }

    [TestCase(0UL)]
    [TestCase(0x7FFF0000UL)]
    [TestCase(Stack + 4)]
    [TestCase(0xCFFF_FFFF_FFFF_FFFFUL)]
    public void EndsAtAStackPointer(ulong r1) => Assert.That(Walk(5, r1, link: ulong.MaxValue), Is.EqualTo(new[] { 5 }));

    [Test]
    public void IsNoLongerThanItsLimit()
    {
        for (ulong n = 0; n < 1000; n++)
            Frame(Stack + (n * 0x20), Stack + ((n + 1) * 0x20), InFunction((int)(n % Count)));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Has.Length.InRange(StackWalk.Most - 1, StackWalk.Most));
    }

    [Test]
    public void GoesOnOnAnotherStackBelow()
    {
        const ulong Below = Stack - 0x8000;
        Frame(Stack, Below);
        Frame(Below, Below + 0x40, InFunction(4));
        Frame(Below + 0x40, 0, InFunction(3));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Is.EqualTo(new[] { 5, 4, 3 }));
    }

    [Test]
    public void ALoopOverStacksEnds()
    {
        const ulong Below = Stack - 0x8000;
        Frame(Stack, Below, InFunction(1));
        Frame(Below, Stack, InFunction(2));
        Assert.That(Walk(5, Stack, link: InFunction(5)), Has.Length.LessThan(10));
    }

    private static ulong InFunction(int number) => Functions + (ulong)(number * FunctionSize) + 0x24;

    private void Frame(ulong address, ulong backChain, ulong lrSave = 0)
    {
        Write(address, backChain);
        Write(address + 16, lrSave);
    }

    private void Write(ulong address, ulong value) =>
        *(ulong*)(ram.Host + (address - Linear)) = (cpu.State->Msr & Msr.LE) != 0 ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);

    private int[] Walk(int function, ulong r1, ulong link)
    {
        cpu.State->Nia = InFunction(function);
        cpu.State->Gpr[1] = r1;
        cpu.State->Spr[SprNumber.LR] = link;
        var reader = new GuestReader();
        reader.Begin(cpu);
        int[] frames = new int[StackWalk.Most];
        int count = StackWalk.Walk(cpu.State, reader, FunctionAt, function, frames);
        return frames[..count];
    }

    private static int FunctionAt(ulong address) => address >= Functions && address < Functions + (Count * FunctionSize) ? (int)((address - Functions) / FunctionSize) : -1;
}
