using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Breaks;

namespace RenodeUvmem.Platform.Tests;

/// <summary>A machine that pauses and goes on is the same as one that never did.</summary>
internal sealed unsafe class PauseTests
{
    private const long Limit = 1_000_003;

    // Two processors count in one doubleword, make an ultracall, and mix the time base into a register each time around.
    private static readonly uint[] Counting =
    [
        0x38000029, // li r0,41 (OPAL_START_CPU)
        0x38600004, // li r3,4
        0x38800040, // li r4,0x40
        0x7D2903A6, // mtctr r9
        0x4E800421, // bctrl
        0x4800002C, // b 0x40
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x38600000, // 0x40: li r3,0
        0x6063F124, // ori r3,r3,0xf124 (UV_UNREGISTER_MEM_SLOT)
        0x44000042, // sc 2
        0xE8A00200, // ld r5,0x200(0)
        0x38A50001, // addi r5,r5,1
        0xF8A00200, // std r5,0x200(0)
        0x7CCC42E6, // mftb r6
        0x7FDE3214, // add r30,r30,r6
        0x1FDE0003, // mulli r30,r30,3
        0x4BFFFFDC, // b 0x40
    ];

    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [TestCase("UV_UNREGISTER_MEM_SLOT nth=7 count=50", 50)]
    [TestCase("UV_UNREGISTER_MEM_SLOT nth=9980 count=60", 60)]
    [TestCase("UV_UNREGISTER_MEM_SLOT nth=every", 99_990)]
    public void BreaksDoNotChangeARun(string text, int hits)
    {
        using Machine plain = Boot();
        Assert.That(plain.Run(new RunLimits { Instructions = Limit }).End, Is.EqualTo(RunEnd.InstructionLimit));
        Assert.That(plain.All[1].IsStarted, Is.True);

        using Machine broken = Boot();
        var pauser = new Pauser(broken);
        broken.Ultravisor!.Breaks.Listener = pauser;
        broken.Ultravisor.Breaks.Add(text);
        RunResult result;
        do
            result = broken.Run(new RunLimits { Instructions = Limit });
        while (result.End == RunEnd.Break);

        Assert.That(result.End, Is.EqualTo(RunEnd.InstructionLimit));
        Assert.That(pauser.Hits, Is.EqualTo(hits).Within(hits > 1000 ? 20 : 0), "a call is ten instructions");
        Assert.That(States(broken), Is.EqualTo(States(plain)));
    }

    [Test]
    public void PauseFromOutsideReturnsAtOnce()
    {
        using Machine machine = Boot();
        machine.Pause(new RunResult(RunEnd.Break, "outside", null));
        Assert.That(machine.Run(new RunLimits { Instructions = Limit }).Message, Is.EqualTo("outside"));
        Assert.That(machine.Instructions, Is.Zero);
        Assert.That(machine.Run(new RunLimits { Instructions = Limit }).End, Is.EqualTo(RunEnd.InstructionLimit));
    }

    private static string States(Machine machine)
    {
        IEnumerable<string> processors = machine.All.Select(processor =>
        {
            Cpu cpu = processor.Cpu;
            string registers = string.Join(' ', Enumerable.Range(0, 32).Select(n => $"{cpu.State->Gpr[n]:x}"));
            return $"{registers} nia {cpu.State->Nia:x} ticks {cpu.Ticks} deliveries {cpu.Deliveries}";
        });
        return string.Join('\n', processors) + $"\ninstructions {machine.Instructions} counter {*(ulong*)machine.Memory.Pointer(0x200, 8):x}";
    }

    private Machine Boot() => new(
        new MachineOptions { Kernel = files.Write("kernel", ElfBuilder.OfWords(Counting).Build()), Memory = 256 * ByteSize.MiB, Processors = 2, Ultravisor = true },
        new FakeConsole(),
        new FakeLog());

    private sealed class Pauser(Machine machine) : IBreakListener
    {
        public int Hits { get; private set; }

        public void Hit(in BreakHit hit)
        {
            Hits++;
            machine.Pause(new RunResult(RunEnd.Break, hit.Name, null));
        }
    }
}
