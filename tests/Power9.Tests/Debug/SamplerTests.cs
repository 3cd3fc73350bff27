using System.Diagnostics;
using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>Samples come at even counts of instructions, in both tiers the same, and the run is the same as without.</summary>
[TestFixture]
public sealed unsafe class SamplerTests
{
    private const ulong Code = 0x2000;
    private const int Distance = 97;
    private const int Length = 9;

    [Test]
    public void ComesAtMultiplesOfItsDistance()
    {
        using var side = new Side(Distance, translate: false);
        side.Cpu.Execute(50);
        side.Cpu.Execute(100_000);
        Assert.That(side.Samples.Select(sample => sample.Executed), Is.EqualTo(Enumerable.Range(1, 100_050 / Distance).Select(n => (long)n * Distance)));

        // A loop of nine instructions: where it stands follows from the count.
        Assert.That(side.Samples.Select(sample => sample.Nia), Is.EqualTo(side.Samples.Select(sample => Code + (4 * (ulong)(sample.Executed % Length)))));
    }

    [Test]
    public void IsTheSameForTranslatedCode()
    {
        using var interpreted = new Side(Distance, translate: false);
        using var translated = new Side(Distance, translate: true);
        var limit = Stopwatch.StartNew();
        do
        {
            interpreted.Cpu.Execute(300_000);
            translated.Cpu.Execute(300_000);
        }
        while (translated.Cpu.Translator!.Installed == 0 && limit.Elapsed < TimeSpan.FromSeconds(60));
        interpreted.Cpu.Execute(100_000);
        translated.Cpu.Execute(100_000);
        Assert.That(translated.Cpu.Translator.Installed, Is.GreaterThan(0));
        Assert.That(translated.Samples, Is.EqualTo(interpreted.Samples));
    }

    [Test]
    public void ChangesNothing()
    {
        using var without = new Side(0, translate: false);
        using var with = new Side(Distance, translate: false);
        foreach (Side side in new[] { without, with })
            side.Cpu.Execute(123_457);
        Assert.That(with.Samples, Is.Not.Empty);
        Assert.That((with.Cpu.State->Executed, with.Cpu.State->Nia, with.Cpu.State->Gpr[5]), Is.EqualTo((without.Cpu.State->Executed, without.Cpu.State->Nia, without.Cpu.State->Gpr[5])));
    }

    private sealed class Side : IDisposable, ISampler
    {
        private readonly PhysicalMemory memory = new();

        public Side(int distance, bool translate)
        {
            RamRange ram = memory.AddRam(0, 0x10000, secure: false);
            for (int n = 0; n < Length - 1; n++)
                ((uint*)(ram.Host + (int)Code))[n] = Word("addi", 5, 5, n);
            ((uint*)(ram.Host + (int)Code))[Length - 1] = Word("b", -4 * (Length - 1));
            Cpu = new Cpu(memory, 0);
            Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
            Cpu.State->Nia = Code;
            Distance = distance;
            if (distance != 0)
                Cpu.Sampler = this;
            if (translate)
                Cpu.Translator = new Translator(memory);
        }

        public Cpu Cpu { get; }

        public long Distance { get; }

        public List<(long Executed, ulong Nia)> Samples { get; } = [];

        public void Sample(Cpu cpu) => Samples.Add((cpu.State->Executed, cpu.State->Nia));

        public void Dispose()
        {
            Cpu.Translator?.Dispose();
            Cpu.Dispose();
            memory.Dispose();
        }
    }
}
