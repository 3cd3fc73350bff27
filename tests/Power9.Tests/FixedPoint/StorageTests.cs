using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using InterruptVector = RenodeUvmem.Power9.Interrupts.Vector;

namespace RenodeUvmem.Power9.Tests.FixedPoint;

/// <summary>Loads and stores that user-mode QEMU can't be compared for: multiples and strings, big-endian order, what an interrupt leaves. Expected values by ISA 3.0B Book I 3.3.</summary>
[TestFixture]
public sealed unsafe class StorageTests : IDisposable
{
    private const ulong Code = 0x2000;
    private const ulong Data = 0x8000;
    private const ulong NoMemory = 0x100000;

    private PhysicalMemory memory = null!;
    private RamRange ram = null!;
    private Cpu cpu = null!;

    [SetUp]
    public void Build()
    {
        memory = new PhysicalMemory();
        ram = memory.AddRam(0, 0x10000, secure: false);
        cpu = new Cpu(memory, 0);
        for (int k = 0; k < 256; k++)
            ram.Host[(int)Data + k] = (byte)k;
        for (int r = 0; r < 32; r++)
            cpu.State->Gpr[r] = 0x1111111100000000UL | (uint)r;
        cpu.State->Gpr[4] = Data;
    }

    [TearDown]
    public void Dispose()
    {
        cpu.Dispose();
        memory.Dispose();
    }

    [Test]
    public void Load_multiple_fills_registers_up_to_31()
    {
        Run(littleEndian: false, Assembler.Word("lmw", 29, 8, 4));
        Assert.That(Gpr(28), Is.EqualTo(0x111111110000001C));
        Assert.That(Gpr(29), Is.EqualTo(0x08090A0B));
        Assert.That(Gpr(30), Is.EqualTo(0x0C0D0E0F));
        Assert.That(Gpr(31), Is.EqualTo(0x10111213));
    }

    [Test]
    public void Store_multiple_writes_low_words()
    {
        Run(littleEndian: false, Assembler.Word("stmw", 30, 0, 4));
        Assert.That(Bytes(0, 9), Is.EqualTo(new byte[] { 0, 0, 0, 30, 0, 0, 0, 31, 8 }));
    }

    [Test]
    public void Load_string_pads_the_last_register_and_wraps_to_register_0()
    {
        Run(littleEndian: false, Assembler.Word("lswi", 31, 4, 6));
        Assert.That(Gpr(31), Is.EqualTo(0x00010203));
        Assert.That(Gpr(0), Is.EqualTo(0x04050000));
        Assert.That(Gpr(1), Is.EqualTo(0x1111111100000001));
    }

    [Test]
    public void Load_string_indexed_takes_its_length_from_XER()
    {
        cpu.State->Xer = 5;
        cpu.State->Gpr[5] = 0x20;
        Run(littleEndian: false, Assembler.Word("lswx", 8, 4, 5));
        Assert.That(Gpr(8), Is.EqualTo(0x20212223));
        Assert.That(Gpr(9), Is.EqualTo(0x24000000));
        Assert.That(Gpr(10), Is.EqualTo(0x111111110000000A));
    }

    [Test]
    public void Store_string_of_count_0_is_32_bytes()
    {
        Run(littleEndian: false, Assembler.Word("stswi", 8, 4, 0));
        Assert.That(Bytes(0, 5), Is.EqualTo(new byte[] { 0, 0, 0, 8, 0 }));
        Assert.That(Bytes(28, 5), Is.EqualTo(new byte[] { 0, 0, 0, 15, 32 }));
    }

    [TestCase("lmw", 29L, 0L, 4L)]
    [TestCase("stmw", 29L, 0L, 4L)]
    [TestCase("lswi", 8L, 4L, 4L)]
    [TestCase("stswi", 8L, 4L, 4L)]
    public void Little_endian_multiples_and_strings_are_alignment_interrupts(string mnemonic, params long[] operands)
    {
        Run(littleEndian: true, Assembler.Word(mnemonic, operands));
        Assert.That((InterruptVector)cpu.State->Nia, Is.EqualTo(InterruptVector.Alignment));
        Assert.That(cpu.State->Spr[SprNumber.DAR], Is.EqualTo(Data));
        Assert.That(cpu.State->Spr[SprNumber.SRR0], Is.EqualTo(Code));
    }

    [TestCase(false, 0x0001020304050607UL)]
    [TestCase(true, 0x0706050403020100UL)]
    public void Doubleword_order_follows_MSR_LE(bool littleEndian, ulong expected)
    {
        Run(littleEndian, Assembler.Word("ld", 3, 0, 4));
        Assert.That(Gpr(3), Is.EqualTo(expected));
    }

    [TestCase(false, 0x0001020304050607UL, 0x08090A0B0C0D0E0FUL)]
    [TestCase(true, 0x0F0E0D0C0B0A0908UL, 0x0706050403020100UL)]
    public void Quadword_pair_holds_the_high_half_first(bool littleEndian, ulong first, ulong second)
    {
        Run(littleEndian, Assembler.Word("lq", 6, 0, 4));
        Assert.That(Gpr(6), Is.EqualTo(first));
        Assert.That(Gpr(7), Is.EqualTo(second));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Quadword_reservation_succeeds_once(bool littleEndian)
    {
        cpu.State->Gpr[5] = 0;
        Run(littleEndian, Assembler.Word("lqarx", 6, 4, 5));
        Run(littleEndian, Code + 4, Assembler.Word("stqcx.", 8, 4, 5));
        Assert.That(cpu.State->Cr[0], Is.EqualTo(2));
        Run(littleEndian, Code + 8, Assembler.Word("stqcx.", 10, 4, 5));
        Assert.That(cpu.State->Cr[0], Is.Zero);
        Run(littleEndian, Code + 12, Assembler.Word("lq", 12, 0, 4));
        Assert.That((Gpr(12), Gpr(13)), Is.EqualTo((Gpr(8), Gpr(9))));
    }

    [TestCase("lwzu", 3L, 16L, 4L)]
    [TestCase("stdu", 3L, 16L, 4L)]
    [TestCase("lbzux", 3L, 4L, 5L)]
    public void An_interrupted_update_changes_no_register(string mnemonic, params long[] operands)
    {
        cpu.State->Gpr[4] = NoMemory;
        cpu.State->Gpr[5] = 16;
        Run(littleEndian: true, Assembler.Word(mnemonic, operands));
        Assert.That((InterruptVector)cpu.State->Nia, Is.EqualTo(InterruptVector.MachineCheck));
        Assert.That(Gpr(4), Is.EqualTo(NoMemory));
        Assert.That(Gpr(3), Is.EqualTo(0x1111111100000003));
    }

    [Test]
    public void An_interrupted_load_multiple_changes_no_register()
    {
        cpu.State->Gpr[4] = 0xFFF8;
        Run(littleEndian: false, Assembler.Word("lmw", 28, 0, 4));
        Assert.That((InterruptVector)cpu.State->Nia, Is.EqualTo(InterruptVector.MachineCheck));
        Assert.That(Gpr(28), Is.EqualTo(0x111111110000001C));
    }

    [Test]
    public void Dcbz_clears_the_aligned_block()
    {
        cpu.State->Gpr[5] = 0x85;
        Run(littleEndian: true, Assembler.Word("dcbz", 4, 5));
        Assert.That(Bytes(0x7F, 1)[0], Is.EqualTo(0x7F));
        Assert.That(Bytes(0x80, 128), Is.All.Zero);
    }

    private ulong Gpr(int number) => cpu.State->Gpr[number];

    private byte[] Bytes(int offset, int count) => new ReadOnlySpan<byte>(ram.Host + Data + offset, count).ToArray();

    private void Run(bool littleEndian, uint word) => Run(littleEndian, Code, word);

    private void Run(bool littleEndian, ulong address, uint word)
    {
        var code = new Span<byte>(ram.Host + address, 4);
        if (littleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(code, word);
        else
            BinaryPrimitives.WriteUInt32BigEndian(code, word);
        memory.InvalidateCode(address, 4);
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | (littleEndian ? Msr.LE : 0));
        cpu.State->Nia = address;
        cpu.Execute(1);
    }
}
