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
