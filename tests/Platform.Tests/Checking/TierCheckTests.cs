using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Checking;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Platform.Tests.Checking;

/// <summary>The check says nothing where there is nothing, and finds what is put in: traces that are compiled wrong, machines that are changed behind its back.</summary>
internal sealed unsafe class TierCheckTests
{
    private const long End = 3_000_000;

    // r6 counts rounds; each 2,048th writes a character.
    private const uint AddToR6 = 0x38C60001; // addi r6,r6,1
    private const uint StoreCounter = 0xF8A00000 | Snapshots.SnapshotMachine.DataApart; // std r5,0x1800(0)

    private readonly TemporaryFiles files = new();
    private FakeLog log = null!;

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void Nothing_differs_and_the_run_is_the_one_without([Values] bool portable)
    {
        using var plain = Snapshots.SnapshotMachine.Boot(files, data: Snapshots.SnapshotMachine.DataApart).Run(End);
        using var pair = new Pair(this, portable);
        RunResult result = pair.Check.Run(new RunLimits { Instructions = End });
        Assert.That(result.End, Is.EqualTo(RunEnd.InstructionLimit));
        Assert.That(pair.Check.Difference, Is.Null);
        Assert.That(pair.Interpreted.State, Is.EqualTo(plain.State));
        Assert.That(pair.Interpreted.Console.Output, Is.EqualTo(plain.Console.Output).And.Not.Empty);
        Assert.That(pair.Translated.Translator!.Installed, Is.GreaterThan(1));
        Assert.That(pair.Check.Tally.Instructions, Is.InRange(End / 2, End));
    }

    [Test]
    public void A_wrong_register_is_found_with_the_trace_that_wrote_it([Values] bool portable)
    {
        using var pair = new Pair(this, portable);
        pair.Spoil(AddToR6, slot => slot with { Imm = 2 });
        TierDifference difference = Found(pair);
        Assert.That(difference.What[0], Does.Match("^CPU 0, r6: interpreted 0x[0-9a-f]+, translated 0x[0-9a-f]+$"));
        Narrowed(difference, "addi r6,r6,1");
    }

    [Test]
    public void A_store_to_a_wrong_address_is_found_in_memory([Values] bool portable)
    {
        using var pair = new Pair(this, portable);
        pair.Spoil(StoreCounter, slot => slot with { Imm = Snapshots.SnapshotMachine.DataApart + 0x100 });
        TierDifference difference = Found(pair);
        Assert.That(difference.What, Has.One.Match("^memory at 0x1800: interpreted 0x[0-9a-f]{16}, translated 0x[0-9a-f]{16}; 1 pages differ$"));
        Narrowed(difference, "std r5,6144(0)");
    }

    /// <summary>No trace is to blame: it does not come again, and is told all the same.</summary>
    [Test]
    public void A_change_from_outside_is_found_where_it_is_seen()
    {
        using var pair = new Pair(this);
        pair.Interpreted.Machine.ConsoleLines.OnText("\"", () => pair.Translated.All[1].Cpu.State->Vsr[70] ^= 4);
        TierDifference difference = Found(pair);
        Assert.That(difference.What, Is.EqualTo(new[] { "CPU 1, vs35 doubleword 1: interpreted 0x0, translated 0x4" }));
        Assert.That(difference.Details, Has.One.Match("does not come again"));
    }

    [Test]
    public void Memory_that_no_register_shows_is_compared_at_the_end()
    {
        using var pair = new Pair(this);
        pair.Interpreted.Machine.ConsoleLines.OnText("\"", () => pair.Translated.Memory.CopyIn(0x3450008, [7]));
        TierDifference difference = Found(pair);
        Assert.That(difference.What, Is.EqualTo(new[] { "memory at 0x3450008: interpreted 0x0000000000000000, translated 0x0000000000000007; 1 pages differ" }));
    }

    /// <summary>What is neither in registers nor in memory: a snapshot has it.</summary>
    [Test]
    public void A_time_of_the_decrementer_is_compared_at_the_end()
    {
        using var pair = new Pair(this);
        pair.Interpreted.Machine.ConsoleLines.OnText("\"", () => pair.Translated.All[1].Cpu.WriteSpr(Power9.State.SprNumber.DEC, 0x7FFFFFFF));
        TierDifference difference = Found(pair);
        Assert.That(difference.What[0], Does.StartWith("section machine/cpu, "));
    }

    private static TierDifference Found(Pair pair)
    {
        RunResult result = pair.Check.Run(new RunLimits { Instructions = End });
        Assert.That(result.End, Is.EqualTo(RunEnd.Difference));
        return pair.Check.Difference!;
    }

    private static void Narrowed(TierDifference difference, string instruction)
    {
        Assert.That(difference.Details, Has.Some.Match("^CPU 0x0 was in the trace of [0-9]+ instructions, .* from its instruction [0-9,]+ to [0-9,]+$"));
        Assert.That(difference.Details, Has.Some.Contains(instruction));
        Assert.That(difference.Details, Has.Count.LessThan(20), "a loop of seven instructions, twice");
    }

    private sealed class Pair : IDisposable
    {
        public Pair(TierCheckTests test, bool portable = false)
        {
            test.log = new FakeLog();
            var console = new FakeConsole();
            var host = new CheckedHost(console, test.log);
            Interpreted = Snapshots.SnapshotMachine.Boot(test.files, host, console);
            Translated = Snapshots.SnapshotMachine.Boot(test.files, host.OtherConsole, host.OtherLog, data: Snapshots.SnapshotMachine.DataApart);
            Check = new TierCheck(host, Interpreted.Machine, Translated, new MachineSymbols(), new TierCheckSettings { FullDistance = End / 4, Portable = portable });
        }

        public Snapshots.SnapshotMachine Interpreted { get; }

        public Machine Translated { get; }

        public TierCheck Check { get; }

        /// <summary>All traces are compiled with something else for an instruction of the first processor.</summary>
        public void Spoil(uint word, Func<Insn, Insn> with) => Translated.Translator!.Spoil = trace => trace with
        {
            Slots = [.. trace.Slots.Select(slot => WordOf(slot) == word ? slot with { Insn = with(slot.Insn) } : slot)],
        };

        public void Dispose()
        {
            Interpreted.Dispose();
            Translated.Dispose();
        }

        private static uint WordOf(RecordedSlot slot) =>
            Power9.Execution.CodeCache.WordAt(slot.CodePage, slot.Index);
    }
}
