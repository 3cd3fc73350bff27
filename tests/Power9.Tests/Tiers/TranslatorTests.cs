using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>What is translated, what not any more, and what again: with code that changes, in pages that come and go, and more of it than can be compiled.</summary>
[TestFixture]
public sealed unsafe class TranslatorTests
{
    private const ulong Code = TracedProgram.Code;
    private const ulong Data = TracedProgram.Data;
    private const int Distance = 101;

    // BO of bc: decrement CTR and branch if it is not 0.
    private const int Loop = 16;

    // for (;;) { r5++; r10++; [r6] = r8; r11 += 3; }
    private static readonly uint[] Storing =
    [
        Assembler.Word("addi", 5, 5, 1),
        Assembler.Word("addi", 10, 10, 1),
        Assembler.Word("stw", 8, 0, 6),
        Assembler.Word("addi", 11, 11, 3),
        Assembler.Word("b", -4 * 4),
    ];

    /// <summary>The store changes what was recorded before it: in the page's first recording, when nobody counts its changes yet.</summary>
    [Test]
    public void Code_that_changes_while_it_is_recorded_is_not_translated_as_it_was([Values] bool portable)
    {
        using var side = Translated(Storing, new Hotness(100, 1), portable);
        CpuState* s = side.Cpu.State;
        s->Gpr[6] = Data;
        side.Cpu.Execute(100);
        Assert.That((s->Nia, side.Translator.Recorded), Is.EqualTo((Code, 0)));

        // The next iteration is recorded.
        s->Gpr[6] = Code + 4;
        s->Gpr[8] = Assembler.Word("addi", 10, 10, 2);
        side.Cpu.Execute(5);
        s->Gpr[6] = Data;
        side.Translator.WaitUntilIdle();
        side.Cpu.Execute(5000);
        Assert.That((s->Gpr[5], s->Gpr[10]), Is.EqualTo((20UL + 1 + 1000, 20UL + 1 + 2000)));
    }

    /// <summary>CIABR is set to an instruction that was recorded before (ISA 3.0B Book III 9.2): the next time it is executed the trace interrupt comes.</summary>
    [Test]
    public void A_breakpoint_that_is_set_while_its_place_is_recorded_is_met()
    {
        const ulong TraceInterrupt = (ulong)Vector.Trace;
        const int Hypervisor = 3;
        using var side = Translated(
            [
                Assembler.Word("addi", 5, 5, 1),
                Assembler.Word("addi", 10, 10, 1),
                Assembler.Word("mtspr", SprNumber.CIABR, 8),
                Assembler.Word("addi", 11, 11, 3),
                Assembler.Word("b", -4 * 4),
            ],
            new Hotness(100, 1));
        CpuState* s = side.Cpu.State;
        s->Spr[SprNumber.HID] = Hid0.HILE;
        side.Put(TraceInterrupt, Assembler.Word("b", 0));
        side.Cpu.Execute(100);
        s->Gpr[8] = (Code + 4) | Hypervisor;
        side.Cpu.Execute(5);
        side.Translator.WaitUntilIdle();
        side.Cpu.Execute(5000);
        Assert.That((s->Gpr[5], s->Nia, s->Spr[SprNumber.SRR0]), Is.EqualTo((22UL, TraceInterrupt, Code + 8)));
    }

    /// <summary>As Linux changes the words of static branches, probes and inline caches beside code that is hot.</summary>
    [Test]
    public void Code_beside_what_changes_is_translated_again()
    {
        const int Changes = 40;
        const int Part = 100_000;
        using var side = Translated(Storing, new Hotness(Distance, 1));
        side.Cpu.State->Gpr[6] = Data;
        for (int n = 0; n < Changes; n++)
        {
            long before = InTraces(side);
            ExecuteAsCompiled(side, Part);
            Assert.That(InTraces(side) - before, Is.GreaterThan(Part * 8 / 10), $"after {n} changes");
            side.Memory.InvalidateCode(Code + 0x800, 4);
        }
    }

    /// <summary>Code that changes faster than it pays to translate it is left alone more and more.</summary>
    [Test]
    public void Code_that_changes_all_the_time_is_given_up()
    {
        const int Part = 20 * Distance;
        using var side = Translated(Storing, new Hotness(Distance, 1));
        side.Cpu.State->Gpr[6] = Data;
        List<int> recorded = [0];
        for (int n = 0; n < 1000; n++)
        {
            ExecuteAsCompiled(side, Part);
            side.Memory.InvalidateCode(Code + 0x800, 4);
            if (n % 500 == 499)
                recorded.Add(side.Translator.Recorded);
        }

        Assert.That(recorded[1], Is.InRange(16, 200));
        Assert.That(recorded[2], Is.EqualTo(recorded[1]));
    }

    /// <summary>A page is cleared, which makes data of it, and executed again, all the time and faster than a trace is compiled. Other pages' traces do not suffer.</summary>
    [Test]
    public void Pages_that_come_and_go_leave_others_alone()
    {
        const ushort Function = 0x4000;
        const int LinesOfPage = 32;
        const int Rounds = 400;
        using var side = Translated(
            [
                Assembler.Word("addi", 20, 0, Function),
                Assembler.Word("addi", 3, 0, LinesOfPage),
                Assembler.Word("mtctr", 3),
                Assembler.Word("dcbz", 0, 20),
                Assembler.Word("addi", 20, 20, 128),
                Assembler.Word("bc", Loop, 0, -8),
                Assembler.Word("stw", 21, Function, 0),
                Assembler.Word("b", Function - (int)Code - (7 * 4)) | 1,
                Assembler.Word("addi", 3, 0, Rounds),
                Assembler.Word("mtctr", 3),
                Assembler.Word("addi", 5, 5, 1),
                Assembler.Word("addi", 6, 6, 3),
                Assembler.Word("add", 7, 5, 6),
                Assembler.Word("bc", Loop, 0, -12),
                Assembler.Word("b", -14 * 4),
            ]);
        uint back = Assembler.Word("bclr", 20, 0, 0);
        side.Put(Function, back);
        side.Cpu.State->Gpr[21] = back;
        const long Executed = 20_000_000;
        side.Cpu.Execute(Executed);
        Assert.That(InTraces(side), Is.GreaterThan(Executed / 2), side.Translator.Describe());
    }

    /// <summary>Hot code that is found faster than it is compiled does not take more and more memory; and what is no more is not compiled.</summary>
    [Test]
    public void What_waits_is_bounded()
    {
        const int Most = 1000;
        const int Words = 1024;
        const int LoopWords = 16;
        const int Pages = 40;
        using var go = new ManualResetEventSlim();
        using var side = Translated([], new Hotness(Distance, 1));
        int compiled = 0;
        side.Translator.Spoil = trace =>
        {
            go.Wait();
            compiled++;
            return trace;
        };
        for (ulong page = 0x10; page < 0x10 + Pages; page++)
        {
            side.Put(page << 12, [.. Enumerable.Range(0, Words).Select(k => k % LoopWords == LoopWords - 1 ? Assembler.Word("b", -4 * (LoopWords - 1)) : Assembler.Word("addi", 5, 5, 1))]);
            for (ulong k = 0; k < Words / LoopWords; k++)
            {
                side.Cpu.State->Nia = (page << 12) + (k * LoopWords * 4);
                side.Cpu.Execute(10 * Distance);
            }
        }

        // One more may be under way.
        Assert.That(side.Translator.Recorded, Is.InRange(Most, Most + 1));
        side.Memory.Code.Drop();
        go.Set();
        side.Translator.WaitUntilIdle();
        Assert.That(compiled, Is.LessThanOrEqualTo(1));
        ExecuteAsCompiled(side, 100_000);
        Assert.That(InTraces(side), Is.GreaterThan(50_000), "afterwards all is as before");
    }

    private static TracedProgram Translated(uint[] program, Hotness? hotness = null, bool portable = false)
    {
        var made = new TracedProgram(program, translate: true, hotness, portable);
        made.Translator.Tally = new TraceTally();
        return made;
    }

    private static long InTraces(TracedProgram side) => side.Translator.Tally!.Instructions;

    // What is compiled is installed soon.
    private static void ExecuteAsCompiled(TracedProgram side, int count)
    {
        const int Piece = 1000;
        for (int n = 0; n < count; n += Piece)
        {
            side.Cpu.Execute(Math.Min(Piece, count - n));
            side.Translator.WaitUntilIdle();
        }
    }
}
