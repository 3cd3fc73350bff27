using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Machines whose processors execute on host threads of their own: how runs end, and what time it is.</summary>
internal sealed unsafe class ParallelTests
{
    private const int Processors = 3;
    private const uint Forever = 0x48000000; // b .
    private const ulong Caller = 4;

    // At 0: forever. At 4: one OPAL call, of the token in r3, then forever. OPAL's entry is in GPR 9.
    private static readonly uint[] Kernel =
    [
        Forever,
        0x7C601B78, // mr r0,r3
        0x38600000, // li r3,0
        0x38800040, // li r4,0x40
        0x38A00048, // li r5,0x48
        0x7D2903A6, // mtctr r9
        0x4E800421, // bctrl
        Forever,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0, // 0x40: length 3
        3,
        0x48690A00, // "Hi\n"
    ];

    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    [CancelAfter(60_000)]
    public void PowerOffByOneEndsTheRun()
    {
        using Machine machine = Boot(new FakeConsole(), token: 5); // OPAL_CEC_POWER_DOWN
        Assert.That(machine.Run(new RunLimits()).End, Is.EqualTo(RunEnd.PowerOff));
    }

    [Test]
    [CancelAfter(60_000)]
    public void AnExceptionOnAHostThreadLeavesTheRun()
    {
        using Machine machine = Boot(new BrokenConsole(), token: 1); // OPAL_CONSOLE_WRITE
        Assert.That(() => machine.Run(new RunLimits()), Throws.TypeOf<IOException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public void AWildProcessorEndsTheRun()
    {
        using Machine machine = Boot(new FakeConsole(), token: 0);
        machine.All[1].Start(0x10000, 0);
        RunResult result = machine.Run(new RunLimits());
        Assert.That((result.End, result.Processor), Is.EqualTo((RunEnd.CheckStop, machine.All[1])));
    }

    [Test]
    public void LimitAndTime()
    {
        const long Limit = 5_000_000;
        using Machine machine = Boot(new FakeConsole(), token: 0);
        RunResult result = machine.Run(new RunLimits { Instructions = Limit });
        Assert.Multiple(() =>
        {
            Assert.That(result.End, Is.EqualTo(RunEnd.InstructionLimit));
            Assert.That(machine.Instructions, Is.InRange(Limit, Limit + Processors));
            Assert.That(machine.Instructions, Is.EqualTo(machine.All.Sum(processor => processor.Cpu.State->Executed)));
            Assert.That(machine.All.Select(processor => processor.Cpu.Ticks).Distinct().Count(), Is.EqualTo(1), "all have the same time");
            Assert.That(machine.All.Select(processor => processor.Cpu.State->Executed), Is.All.GreaterThan(Limit / Processors / 2));
        });
    }

    [Test]
    public void PauseAndGoOn()
    {
        using Machine machine = Boot(new FakeConsole(), token: 0);
        bool rested = false;
        machine.AtRest(() => rested = true);
        machine.Pause(new RunResult(RunEnd.Break, "", null));
        Assert.That((machine.Run(new RunLimits()).End, rested), Is.EqualTo((RunEnd.Break, true)));
        Assert.That(machine.Run(new RunLimits { Instructions = 1_000_000 }).End, Is.EqualTo(RunEnd.InstructionLimit));
    }

    // All processors execute; the last one makes the call.
    private Machine Boot(IConsole console, ulong token)
    {
        string kernel = files.Write("kernel", ElfBuilder.OfWords(Kernel).Build());
        var machine = new Machine(new MachineOptions { Kernel = kernel, Memory = 256 * ByteSize.MiB, Processors = Processors }, console, new FakeLog());
        machine.ExecuteInParallel(Processors);
        ulong opal = machine.All[0].Cpu.State->Gpr[9];
        machine.All[1].Start(0, 0);
        machine.All[2].Start(token == 0 ? 0 : Caller, token);
        machine.All[2].Cpu.State->Gpr[9] = opal;
        return machine;
    }

    private sealed class BrokenConsole : IConsole
    {
        public bool IsInteractive => false;

        public void Write(ReadOnlySpan<byte> bytes) => throw new IOException("no space left");

        public int Read(Span<byte> buffer) => 0;

        public void WaitForInput(TimeSpan atMost)
        {
        }
    }
}
