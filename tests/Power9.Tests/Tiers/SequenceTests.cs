using NUnit.Framework;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.Tests.Differential;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Power9.Tiers.X86;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>
/// Random sequences do as traces what their instructions do one by one: registers, memory, tables, TLBs, and the count of instructions are equal, whether the
/// sequence ends, loops, faults, is interrupted or runs out of budget. The instructions themselves are compared with other sources elsewhere.
/// </summary>
[TestFixture]
public sealed class SequenceTests
{
    private const int States = 12;
    private const int Shortest = 3;
    private const int Longest = 30;
    private const int LongestDense = 61;
    private const int Parts = 4;
    private const int PageSize = 0x1000;
    private const int PartSeed = 1_000_003;
    private const int SmallRoom = 0x2000;
    private const int SmallLimit = 7;

    // UVMEM_DIFFERENTIAL_CASES asks for more.
    private static readonly int Count = DifferentialSettings.Cases(100);

    [Test]
    public void A_trace_does_what_its_instructions_do([Range(0, Parts - 1)] int part, [Values] bool portable)
    {
        using var machine = new SequenceMachine(portable);
        List<string> differences = Compare(machine, new SequenceGenerator(SeedOf(part)), SeedOf(part), Longest, Count);
        TestContext.Out.WriteLine($"{machine.Instructions.All} instructions in traces, {machine.Instructions.Translated} of them translated; entered {machine.Entries} times, {machine.InTraces} executed there");
        Assert.That(differences, Is.Empty);
        Assert.That(machine.Failure, Is.Null);
        Assert.That(machine.Entries, Is.GreaterThan(4 * Count));
    }

    /// <summary>The same with instructions that the host's code generator takes, all of them, and more of what it carries in registers or keeps for later.</summary>
    [Test]
    public void A_dense_trace_does_what_its_instructions_do([Range(0, Parts - 1)] int part)
    {
        if (!Intrinsics.HostHasAll)
            Assert.Ignore("there is no code generator for this host");
        using var machine = new SequenceMachine(portable: false);
        var generator = new DenseSequenceGenerator(SeedOf(part), vectors: part % 2 == 1);
        List<string> differences = Compare(machine, generator, SeedOf(part), LongestDense, 4 * Count);
        TestContext.Out.WriteLine($"{DenseSequenceGenerator.Rows} rows; {machine.Instructions.All} instructions in traces; entered {machine.Entries} times, {machine.InTraces} executed there");
        Assert.That(differences, Is.Empty);
        Assert.That(machine.Failure, Is.Null);
        Assert.That(machine.Instructions.All, Is.GreaterThan(4 * Count * 10));
    }

    /// <summary>The comparison can tell: with another target register in each trace's last instruction but one, it finds plenty.</summary>
    [Test]
    public void A_wrong_trace_is_noticed([Values] bool portable)
    {
        using var machine = new SequenceMachine(portable);
        machine.Spoil = trace => trace with { Slots = [.. trace.Slots.Select((slot, k) => k == trace.Slots.Count - 2 ? Spoilt(slot) : slot)] };
        Assert.That(Compare(machine, new SequenceGenerator(SeedOf(0)), SeedOf(0), Longest, 100), Has.Count.GreaterThan(20));
    }

    /// <summary>With room for a few sequences only, all traces are thrown away again and again.</summary>
    [Test]
    public void A_full_arena_is_begun_anew([Values] bool portable)
    {
        IBackEnd? small = portable ? new IlBackEnd(SmallLimit) : NativeBackEnd.TryCreate(SmallRoom);
        if (small is null)
            Assert.Ignore("there is no code generator for this host");
        using var machine = new SequenceMachine(portable, small);
        Assert.That(Compare(machine, new SequenceGenerator(SeedOf(0)), SeedOf(0), Longest, Count), Is.Empty);
        Assert.That(machine.Failure, Is.Null);
        Assert.That(machine.Starts, Is.GreaterThan(5));
        Assert.That(machine.Entries, Is.GreaterThan(Count), "there are traces after all the same");
    }

    private static int SeedOf(int part) => DifferentialSettings.Seed + (part * PartSeed);

    private static RecordedSlot Spoilt(RecordedSlot slot)
    {
        Insn insn = slot.Insn;
        insn.T ^= 1;
        return slot with { Insn = insn };
    }

    private static List<string> Compare(SequenceMachine machine, ISequenceGenerator generator, int seed, int longest, int count)
    {
        var random = new Random(seed);
        var differences = new List<string>();
        for (int n = 0; n < count; n++)
        {
            uint[] words = generator.Sequence(random.Next(Shortest, longest + 1));
            int mode = random.Next(3) == 0 ? random.Next(DecodeMode.Count) : 0;

            // Some go on in the next page.
            int offset = 4 * (random.Next(4) == 0 ? (PageSize / 4) - random.Next(1, words.Length) : random.Next(PageSize / 4));
            int first = random.Next();
            if (machine.Take(words, mode, offset, first) && Difference(machine, first) is { } difference)
                differences.Add($"sequence {n}, mode {mode}: {difference}: {machine.Describe()}");
        }

        return differences;
    }

    private static string? Difference(SequenceMachine machine, int first)
    {
        for (int k = 0; k < States; k++)
        {
            SnapshotWriter expected = machine.Run(first + k, translated: false);
            if (machine.ExecutedData)
                continue;
            SnapshotWriter actual = machine.Run(first + k, translated: true);
            if (expected.DifferenceTo(actual) is { } difference)
                return $"state {k}, {difference.Path}, doubleword {difference.Offset / 8}";
        }

        return null;
    }
}
