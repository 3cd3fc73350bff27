using System.Diagnostics;
using NUnit.Framework;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>Traces end at the instruction at which the interpreter does: by budget, faults, changed code.</summary>
[TestFixture]
public sealed unsafe class TraceTests
{
    private const ulong Code = TracedProgram.Code;
    private const ulong Data = TracedProgram.Data;
    private const int Size = TracedProgram.Size;
    private const int Seed = 11;

    // for (;;) { r7 = [r4 + r5]; r8 += r7; [r6 + r5] = r8; r5 = (r5 + 4) & 0x7FC; if (r8 == r9) nothing; r10++; }
    private static readonly uint[] Loop =
    [
        Assembler.Word("lwzx", 7, 4, 5),
        Assembler.Word("add", 8, 8, 7),
        Assembler.Word("stwx", 8, 6, 5),
        Assembler.Word("addi", 5, 5, 4),
        Assembler.Word("andi.", 5, 5, 0x7FC),
        Assembler.Word("bc", 12, 2, 8),
        Assembler.Word("addi", 10, 10, 1),
        Assembler.Word("b", 8) | 1,
        Assembler.Word("b", -8 * 4),
        Assembler.Word("addi", 11, 11, 3),
        Assembler.Word("bclr", 20, 0, 0),
    ];

    [Test]
    public void Runs_of_any_length_end_as_interpreted_ones()
    {
        using var interpreted = new TracedProgram(Loop, translate: false);
        using var translated = new TracedProgram(Loop, translate: true);
        var random = new Random(Seed);
        Warm(interpreted, translated);
        for (int n = 0; n < 2_000; n++)
        {
            int count = random.Next(1, random.Next(4) == 0 ? 5_000 : 40);
            Assert.That(translated.Cpu.Execute(count), Is.EqualTo(interpreted.Cpu.Execute(count)));
            Compare(interpreted, translated, $"run {n} of {count}");
        }

        Assert.That(translated.Translator.Installed, Is.GreaterThan(0));
    }

    [Test]
    public void A_store_that_faults_in_the_middle_of_a_trace_is_taken_at_its_instruction()
    {
        using var interpreted = new TracedProgram(Loop, translate: false);
        using var translated = new TracedProgram(Loop, translate: true);
        Warm(interpreted, translated);
        foreach (TracedProgram side in new[] { interpreted, translated })
            side.Cpu.State->Gpr[6] = 0x40000000;
        for (int n = 0; n < 50; n++)
        {
            interpreted.Cpu.Execute(1 + n);
            translated.Cpu.Execute(1 + n);
            Compare(interpreted, translated, $"after {n}");
        }

        Assert.That(translated.Cpu.State->Spr[SprNumber.SRR0], Is.EqualTo(Code + 8));
    }

    // The loop stores over its own sixth instruction: addi r10,r10,1 becomes addi r10,r10,2 by r12, once r5 comes by.
    [Test]
    public void Code_that_a_trace_stores_over_is_not_executed_again()
    {
        using var interpreted = new TracedProgram(Loop, translate: false);
        using var translated = new TracedProgram(Loop, translate: true);
        Warm(interpreted, translated);
        foreach (TracedProgram side in new[] { interpreted, translated })
        {
            side.Cpu.State->Gpr[6] = Code + (6 * 4) - 0x100;
            side.Cpu.State->Gpr[8] = Assembler.Word("addi", 10, 10, 2);
            side.Cpu.State->Gpr[5] = 0xF0;
            new Span<byte>(side.Ram.Host + (int)Data, 0x800).Clear();
        }

        for (int n = 0; n < 400; n++)
        {
            interpreted.Cpu.Execute(7);
            translated.Cpu.Execute(7);
            Compare(interpreted, translated, $"after {n}");
        }
    }

    [Test]
    public void What_the_host_writes_over_a_trace_counts_at_once()
    {
        using var interpreted = new TracedProgram(Loop, translate: false);
        using var translated = new TracedProgram(Loop, translate: true);
        Warm(interpreted, translated);
        foreach (TracedProgram side in new[] { interpreted, translated })
        {
            *(uint*)(side.Ram.Host + (int)Code + (3 * 4)) = Assembler.Word("addi", 5, 5, 12);
            side.Memory.InvalidateCode(Code + (3 * 4), 4);
        }

        interpreted.Cpu.Execute(10_001);
        translated.Cpu.Execute(10_001);
        Compare(interpreted, translated, "after the change");
    }

    // Both run the same number of instructions; afterwards the loop is translated.
    private static void Warm(TracedProgram interpreted, TracedProgram translated)
    {
        var limit = Stopwatch.StartNew();
        do
        {
            interpreted.Cpu.Execute(300_000);
            translated.Cpu.Execute(300_000);
            while (!translated.Translator.Idle && limit.Elapsed < TimeSpan.FromSeconds(60))
                Thread.Sleep(1);
        }
        while (translated.Translator.Installed == 0 && limit.Elapsed < TimeSpan.FromSeconds(60));
        Assert.That(translated.Translator.Installed, Is.GreaterThan(0), translated.Translator.LastFailure);
        Compare(interpreted, translated, "warm");
    }

    private static void Compare(TracedProgram expected, TracedProgram actual, string when)
    {
        Assert.That(Text(actual), Is.EqualTo(Text(expected)), when);
        Assert.That(new ReadOnlySpan<byte>(actual.Ram.Host, Size).SequenceEqual(new ReadOnlySpan<byte>(expected.Ram.Host, Size)), when);
    }

    private static string Text(TracedProgram side)
    {
        CpuState* s = side.Cpu.State;
        var registers = new ReadOnlySpan<ulong>(s->Gpr, 32);
        return $"{s->Executed} {s->Nia:x} {s->Msr:x} {s->CrWord:x} {s->Xer:x} {s->Spr[SprNumber.LR]:x} {s->Spr[SprNumber.CTR]:x} {s->Spr[SprNumber.CFAR]:x} " +
            $"{s->Spr[SprNumber.SRR0]:x} {s->Spr[SprNumber.SRR1]:x} {s->Spr[SprNumber.DAR]:x} {string.Join(' ', registers.ToArray().Select(r => r.ToString("x")))}";
    }
}
