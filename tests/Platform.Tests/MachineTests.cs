using NUnit.Framework;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Whole machines with kernels of a few instructions.</summary>
internal sealed class MachineTests
{
    // addi r0,0,token; the entry of OPAL is in GPR 9 at kernel entry.
    private const uint MoveEntryToCtr = 0x7D2903A6; // mtctr r9
    private const uint Call = 0x4E800421; // bctrl
    private const uint Forever = 0x48000000; // b .

    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void KernelWritesAndPowersOff()
    {
        var console = new FakeConsole();
        using Machine machine = Boot(
            console,
            AddImmediate(0, 1), // OPAL_CONSOLE_WRITE
            AddImmediate(3, 0),
            AddImmediate(4, 0x40),
            AddImmediate(5, 0x48),
            MoveEntryToCtr,
            Call,
            AddImmediate(0, 5), // OPAL_CEC_POWER_DOWN
            AddImmediate(3, 0),
            Call,
            Forever,
            0,
            0,
            0,
            0,
            0,
            0,
            0, // 0x40: length 3
            3,
            0x48690A00); // "Hi\n"
        RunResult result = machine.Run(new RunLimits { Instructions = 1000 });
        Assert.That(result.End, Is.EqualTo(RunEnd.PowerOff));
        Assert.That(console.Output, Is.EqualTo("Hi\n"));
        Assert.That(machine.Instructions, Is.EqualTo(11), "nine words and two traps; nothing runs after power-off");
    }

    [Test]
    public void InstructionLimitIsExact([Values(1, 7, 1_234_567)] long limit, [Values(1, 3)] int processors)
    {
        using Machine machine = Boot(new FakeConsole(), new MachineOptions { Kernel = Kernel(Forever), Memory = 256 * ByteSize.MiB, Processors = processors });
        RunResult result = machine.Run(new RunLimits { Instructions = limit });
        Assert.That(result.End, Is.EqualTo(RunEnd.InstructionLimit));
        Assert.That(machine.Instructions, Is.EqualTo(limit));
    }

    [Test]
    public void CancelledRunEnds()
    {
        using Machine machine = Boot(new FakeConsole(), Forever);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.That(machine.Run(new RunLimits { Cancellation = cancellation.Token }).End, Is.EqualTo(RunEnd.Cancelled));
    }

    [Test]
    public void WildKernelEndsWithAReason()
    {
        // Branches to where there is nothing but zeros: every vector is an illegal instruction that leads to itself.
        using Machine machine = Boot(new FakeConsole(), 0x4BFFFFFC + 0x10000);
        RunResult result = machine.Run(new RunLimits { Instructions = 50_000_000 });
        Assert.That(result.End, Is.EqualTo(RunEnd.CheckStop));
        Assert.That(result.Message, Is.Not.Empty);
        Assert.That(result.Processor, Is.SameAs(machine.All[0]));
    }

    // A guest whose program interrupt vector traps again: it may spin, but only its hypervisor may end it.
    [Test]
    public void WildGuestOfAHypervisorDoesNotEndTheMachine()
    {
        // Partition 1, radix: 2 MiB at 0 for everything (entries ISA 3.0B Book III 5.7.6, 5.7.10).
        const int PartitionTable = 0x10000;
        const int Root = 0x20000;
        const int Directory = 0x30000;
        const int Page = 0x31000;
        const int ProgramVector = 0x700;
        var words = new uint[0x32000 / 4];
        uint[] kernel =
        [
            0x3C600000 | (PartitionTable >> 16), // lis r3: PTCR, 64 KiB
            0x60630004, // ori r3,r3,4
            MoveToSpr(464, 3),
            AddImmediate(3, 1),
            MoveToSpr(319, 3), // LPIDR
            AddImmediate(3, ProgramVector),
            MoveToSpr(314, 3), // HSRR0
            AddImmediate(3, 1),
            0x7863F806, // sldi r3,r3,63: MSR[SF] and nothing else is a guest in real mode
            MoveToSpr(315, 3), // HSRR1
            0x4C000224, // hrfid
        ];
        kernel.CopyTo(words, 0);
        words[ProgramVector / 4] = 0x7FE00008; // trap
        Entry(PartitionTable + 16, 0xC0000000000000AD | Root);
        Entry(Root, 0x8000000000000009 | Directory);
        Entry(Directory, 0x8000000000000009 | Page);
        Entry(Page, 0xC000000000000187);
        using Machine machine = Boot(new FakeConsole(), words);
        RunResult result = machine.Run(new RunLimits { Instructions = 5_000_000 });
        Assert.That(result.End, Is.EqualTo(RunEnd.InstructionLimit), result.Message);
        Assert.That(machine.All[0].Cpu.InterruptCounts[ProgramVector / 0x20], Is.GreaterThan(4_000_000), "the guest did what it was made for");

        void Entry(int at, ulong value) => (words[at / 4], words[(at / 4) + 1]) = ((uint)(value >> 32), (uint)value);
    }

    [Test]
    public void KernelOutsideOfRamIsRefused()
    {
        byte[] kernel = new ElfBuilder { Physical = 0x40000000, Virtual = 0xC000000000000000 }.Build();
        AssertRefused("--kernel", "outside of RAM", kernel, new MachineOptions { Kernel = "", Memory = 256 * ByteSize.MiB });
    }

    [Test]
    public void InitrdThatDoesNotFitIsRefused()
    {
        string initrd = files.PathOf("huge");
        using (FileStream stream = File.Create(initrd))
            stream.SetLength(1L << 30);
        AssertRefused("--initrd", "do not fit", new ElfBuilder().Build(), new MachineOptions { Kernel = "", Initrd = initrd, Memory = 256 * ByteSize.MiB });
    }

    [TestCase(0UL)]
    [TestCase(16UL << 20)]
    [TestCase((256UL << 20) + 1)]
    [TestCase(1UL << 60)]
    public void AbsurdMemoryIsRefused(ulong size) =>
        AssertRefused("--memory", "expected a multiple of 16 MiB", new ElfBuilder().Build(), new MachineOptions { Kernel = "", Memory = size });

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1000)]
    public void AbsurdProcessorsAreRefused(int count) =>
        AssertRefused("--cpus", "expected 1 to", new ElfBuilder().Build(), new MachineOptions { Kernel = "", Processors = count });

    private static uint MoveToSpr(int spr, int register) => 0x7C0003A6 | ((uint)register << 21) | (((uint)spr & 31) << 16) | (((uint)spr >> 5) << 11);

    private static uint AddImmediate(int register, int value) => 0x38000000 | ((uint)register << 21) | (ushort)value;

    private static Machine Boot(FakeConsole console, MachineOptions options) => new(options, console, new FakeLog());

    private Machine Boot(FakeConsole console, params uint[] words) =>
        Boot(console, new MachineOptions { Kernel = Kernel(words), Memory = 256 * ByteSize.MiB });

    private string Kernel(params uint[] words) => files.Write("kernel", ElfBuilder.OfWords(words).Build());

    private void AssertRefused(string option, string reason, byte[] kernel, MachineOptions options)
    {
        MachineOptions given = options with { Kernel = files.Write("kernel", kernel) };
        Assert.That(
            () => new Machine(given, new FakeConsole(), new FakeLog()),
            Throws.TypeOf<OptionException>().With.Property(nameof(OptionException.Option)).EqualTo(option).And.Message.Contains(reason));
    }
}
