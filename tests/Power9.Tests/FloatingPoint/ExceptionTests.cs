using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>Interrupts of floating-point instructions, and their loads and stores, on a CPU with memory.</summary>
public sealed unsafe class ExceptionTests : IDisposable
{
    private const ulong Start = 0x10000;
    private const ulong Data = 0x14000;
    private const ulong RamSize = 0x20000;
    private const uint Fdiv = 0xFC22_1824; // fdiv f1,f2,f3
    private const ulong One = 0x3FF0_0000_0000_0000;

    private PhysicalMemory memory = null!;
    private Cpu cpu = null!;

    [SetUp]
    public void MakeCpu()
    {
        memory = new PhysicalMemory();
        memory.AddRam(0, RamSize, secure: false);
        cpu = new Cpu(memory, 0);
    }

    [TearDown]
    public void Dispose()
    {
        cpu?.Dispose();
        memory?.Dispose();
    }

    [TestCase(Msr.FE0 | Msr.FE1)]
    [TestCase(Msr.FE0)]
    [TestCase(Msr.FE1)]
    public void EnabledExceptionIsAProgramInterrupt(ulong modes)
    {
        Run(Fdiv, modes, Fpscr.ZE, s =>
        {
            Set(s, 1, 0x1234);
            Set(s, 2, One);
            Set(s, 3, 0);
        });
        var state = cpu.State;
        Assert.Multiple(() =>
        {
            Assert.That(cpu.InterruptCounts[(int)Vector.Program >> 5], Is.EqualTo(1));
            Assert.That(state->Spr[SprNumber.SRR0], Is.EqualTo(Start));
            Assert.That(state->Spr[SprNumber.SRR1] & 0x783F_0000, Is.EqualTo((ulong)ProgramCause.FloatingPointEnabled));
            Assert.That(state->Nia, Is.EqualTo((ulong)Vector.Program));
            Assert.That(Fpr(1), Is.EqualTo(0x1234), "an enabled zero divide leaves the target unchanged");
            Assert.That(state->Fpscr, Is.EqualTo((ulong)(Fpscr.FX | Fpscr.FEX | Fpscr.ZX | Fpscr.ZE)));
        });
    }

    [Test]
    public void WithoutFeBitsTheTargetIsStillUnchanged()
    {
        Run(Fdiv, 0, Fpscr.ZE, s =>
        {
            Set(s, 1, 0x1234);
            Set(s, 2, One);
            Set(s, 3, 0);
        });
        Assert.That(cpu.State->Nia, Is.EqualTo(Start + 4));
        Assert.That(Fpr(1), Is.EqualTo(0x1234));
    }

    [Test]
    public void EnabledInexactDeliversTheResultFirst()
    {
        Run(Fdiv, Msr.FE0 | Msr.FE1, Fpscr.XE, s =>
        {
            Set(s, 2, One);
            Set(s, 3, 0x4008_0000_0000_0000);
        });
        Assert.That(cpu.State->Nia, Is.EqualTo((ulong)Vector.Program));
        Assert.That(Fpr(1), Is.EqualTo(BitConverter.DoubleToUInt64Bits(1.0 / 3)));
    }

    [Test]
    public void EveryRowWithAFacilityChecksIt()
    {
        foreach (var row in InstructionTable.Instance.Rows)
        {
            var vectors = row.Declaration.Facility switch
            {
                Facility.FloatingPoint => new[] { Vector.FpUnavailable },
                Facility.Vector => [Vector.VectorUnavailable],
                Facility.Vsx => [Vector.VsxUnavailable],
                Facility.VsxOrVector => [Vector.VsxUnavailable, Vector.VectorUnavailable, Vector.FpUnavailable],
                _ => [],
            };
            if (vectors.Length == 0)
            {
                continue;
            }

            cpu.Reset();
            Run(row.Value, 0, 0, s => { }, facilities: 0);
            Assert.That((Vector)cpu.State->Nia, Is.AnyOf(vectors.Cast<object>().ToArray()), row.Declaration.Mnemonic);
        }
    }

    [Test]
    public void StorageAccessOrdersAndConverts([Values] bool littleEndian)
    {
        var bytes = new byte[] { 0x3F, 0xC0, 0x00, 0x00, 0x11, 0x22, 0x33, 0x44, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0x55 };
        var single = Order(bytes.AsSpan(0, 4));
        var twice = Order(bytes.AsSpan(8, 8));
        Assert.Multiple(() =>
        {
            Check(0xC024_0000, BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)single)), 0); // lfs f1,0(r4)
            Check(0xC824_0008, twice, 0); // lfd f1,8(r4)
            Check(0xCC24_0008, twice, 8); // lfdu f1,8(r4)
            Check(0x7C24_2EAE, (ulong)(int)single, 0); // lfiwax f1,r4,r5
            Check(0x7C24_2EEE, single, 0); // lfiwzx f1,r4,r5
        });

        // stfs f2,16(r4); stfdu f2,24(r4); stfiwx f2,r4,r5
        const ulong image = 0xBFF8_0000_1234_5678;
        Step(0xD044_0010, image);
        Assert.That(Read(Data + 16, 4), Is.EqualTo(0xBFC0_0000UL));
        Step(0xDC44_0018, image);
        Assert.That(Read(Data + 24, 8), Is.EqualTo(image));
        Assert.That(cpu.State->Gpr[4], Is.EqualTo(Data + 24));
        Step(0x7C44_2FAE, image);
        Assert.That(Read(Data, 4), Is.EqualTo(0x1234_5678UL));

        void Check(uint word, ulong expected, ulong update)
        {
            Step(word, 0);
            Assert.That(Fpr(1), Is.EqualTo(expected), $"{word:X8}");
            Assert.That(cpu.State->Gpr[4], Is.EqualTo(Data + update), $"{word:X8}");
        }

        void Step(uint word, ulong second)
        {
            cpu.Reset();
            bytes.CopyTo(new Span<byte>(memory.Pointer(Data, (ulong)bytes.Length), bytes.Length));
            Run(
                word,
                0,
                0,
                s =>
                {
                    s->Gpr[4] = Data;
                    s->Gpr[5] = 0;
                    Set(s, 2, second);
                },
                littleEndian: littleEndian);
            Assert.That(cpu.State->Nia, Is.EqualTo(Start + 4), $"{word:X8}");
        }

        ulong Read(ulong address, int length) => Order(new ReadOnlySpan<byte>(memory.Pointer(address, (ulong)length), length));

        ulong Order(ReadOnlySpan<byte> storage)
        {
            ulong value = 0;
            for (var k = 0; k < storage.Length; k++)
            {
                value = (value << 8) | storage[littleEndian ? storage.Length - 1 - k : k];
            }

            return value;
        }
    }

    private delegate void Prepare(CpuState* s);

    private static void Set(CpuState* s, int fpr, ulong value) => s->Vsr[(2 * fpr) + 1] = value;

    private ulong Fpr(int fpr) => cpu.State->Vsr[(2 * fpr) + 1];

    private void Run(
        uint word, ulong msr, ulong fpscr, Prepare prepare, ulong facilities = Msr.FP | Msr.VEC | Msr.VSX, bool littleEndian = false)
    {
        var code = memory.Pointer(Start, 4);
        for (var k = 0; k < 4; k++)
        {
            code[littleEndian ? k : 3 - k] = (byte)(word >> (8 * k));
        }

        memory.InvalidateCode(Start, 4);
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | facilities | msr | (littleEndian ? Msr.LE : 0));
        cpu.State->Fpscr = fpscr;
        cpu.State->Nia = Start;
        prepare(cpu.State);
        cpu.Execute(1);
    }
}
