using NUnit.Framework;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Power9.Tiers.X86;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>Translated instructions do what their handlers do. The handlers are compared with QEMU and other sources elsewhere.</summary>
[TestFixture]
public sealed class SpecializerTests
{
    private const int Words = 4;
    private const int NativeWords = 12;
    private const int States = 10;
    private const int Seed = 20;

    [Test]
    public void Each_row_that_is_translated_does_what_its_handler_does()
    {
        using var comparison = new HandlerComparison();
        var random = new Random(Seed);
        var differences = new List<string>();
        int accepted = 0;
        foreach (InstructionRow row in InstructionTable.Instance.Rows)
        {
            bool translated = false;
            for (int n = 0; n < Words; n++)
            {
                int mode = n % DecodeMode.Count;
                if (HandlerComparison.WordOf(row, random) is not { } word || comparison.SlotOf(word, mode) is not { } slot || Specializer.Specialize(slot, out _) is null)
                    continue;
                translated = true;
                if (comparison.Compare(slot, mode, States, Seed + (n * States)) is { } difference)
                    differences.Add($"{row.MnemonicOf(word)} 0x{word:x8}, mode {mode}: {difference}");
            }

            if (translated)
                accepted++;
        }

        TestContext.Out.WriteLine($"{accepted} of {InstructionTable.Instance.Rows.Count} rows are translated");
        Assert.That(differences, Is.Empty);
        Assert.That(accepted, Is.GreaterThan(700));
    }

    [Test]
    public void Each_row_that_has_host_code_does_what_its_handler_does()
    {
        using NativeBackEnd backEnd = NativeBackEnd.TryCreate() ?? throw new IgnoreException("this host has no code generator: x86-64 Linux with AVX2 and BMI2 has one");
        using var comparison = new HandlerComparison();
        var random = new Random(Seed);
        var differences = new List<string>();
        int accepted = 0;
        foreach (InstructionRow row in InstructionTable.Instance.Rows)
        {
            bool translated = false;
            for (int n = 0; n < NativeWords; n++)
            {
                int mode = n % DecodeMode.Count;
                if (HandlerComparison.WordOf(row, random) is not { } word || comparison.SlotOf(word, mode) is not { } slot || backEnd.CompileSingle(slot) is not { } trace)
                    continue;
                translated = true;
                if (comparison.Compare(slot, trace, mode, States, Seed + (n * States)) is { } difference)
                    differences.Add($"{row.MnemonicOf(word)} 0x{word:x8}, mode {mode}: {difference}");
            }

            if (translated)
                accepted++;
        }

        TestContext.Out.WriteLine($"{accepted} of {InstructionTable.Instance.Rows.Count} rows have host code");
        Assert.That(differences, Is.Empty);
        Assert.That(accepted, Is.GreaterThan(320));
    }

    // What hot loops are made of must not fall back to calls without notice.
    [TestCase("addi")]
    [TestCase("add[o][.]")]
    [TestCase("rlwinm[.]")]
    [TestCase("cmpi")]
    [TestCase("bc[l][a]")]
    [TestCase("bclr[l]")]
    [TestCase("ld")]
    [TestCase("stdu")]
    [TestCase("lvx")]
    [TestCase("stxvd2x")]
    [TestCase("fmadd[.]")]
    [TestCase("xxlxor")]
    public void Common_instructions_are_translated(string mnemonic)
    {
        using var comparison = new HandlerComparison();
        InstructionRow row = InstructionTable.Instance.Rows.First(row => row.Declaration.Mnemonic == mnemonic);
        var random = new Random(Seed);
        uint? word = null;
        while (word is null)
            word = HandlerComparison.WordOf(row, random);
        Assert.That(Specializer.Specialize(comparison.SlotOf(word.Value, 0)!.Value, out string? reason), Is.Not.Null, reason);
    }
}
