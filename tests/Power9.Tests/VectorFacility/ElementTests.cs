using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>Instructions on elements; expected values follow from the ISA's definition of each (ISA 3.0B Book I chapter 6).</summary>
public sealed class ElementTests
{
    private const string Count = "000102030405060708090a0b0c0d0e0f";
    private const string Tens = "101112131415161718191a1b1c1d1e1f";

    // Saturation sets VSCR[SAT], which stays.
    [TestCase("vaddubs", "ff01fe00 00000000 00000000 00000000", "01020100 00000000 00000000 00000000", "ff03ff00 00000000 00000000 00000000", 1)]
    [TestCase("vaddubs", "fe010000 00000000 00000000 00000000", "01020000 00000000 00000000 00000000", "ff030000 00000000 00000000 00000000", 0)]
    [TestCase("vaddsbs", "7f8001ff 00000000 00000000 00000000", "01ff0102 00000000 00000000 00000000", "7f800201 00000000 00000000 00000000", 1)]
    [TestCase("vaddshs", "7fff8000 00010000 00000000 00000000", "0001ffff 7ffe0000 00000000 00000000", "7fff8000 7fff0000 00000000 00000000", 1)]
    [TestCase("vaddsws", "7fffffff 80000000 00000001 ffffffff", "00000001 80000000 00000001 ffffffff", "7fffffff 80000000 00000002 fffffffe", 1)]
    [TestCase("vsububs", "01020000 00000000 00000000 00000000", "02010000 00000000 00000000 00000000", "00010000 00000000 00000000 00000000", 1)]
    [TestCase("vsubshs", "80007fff 00000000 00000000 00000000", "0001ffff 00000000 00000000 00000000", "80007fff 00000000 00000000 00000000", 1)]
    [TestCase("vpkuhus", "00ff0100 00000000 00000000 00000000", "00010002 00030004 00050006 000700ff", "ffff0000 00000000 01020304 050607ff", 1)]
    [TestCase("vpkshus", "ffff0001 00000000 00000000 00000000", "00000000 00000000 00000000 00000000", "00010000 00000000 00000000 00000000", 1)]
    [TestCase("vpkswss", "00007fff 00008000 ffff8000 ffff7fff", "00000001 ffffffff 00000000 00000000", "7fff7fff 80008000 0001ffff 00000000", 1)]
    [TestCase("vsumsws", "7fffffff 00000001 00000000 00000000", "ffffffff ffffffff ffffffff ffffffff", "00000000 00000000 00000000 7fffffff", 0)]
    [TestCase("vsumsws", "7fffffff 00000001 00000000 00000000", "00000000 00000000 00000000 00000000", "00000000 00000000 00000000 7fffffff", 1)]
    [TestCase("vsum4ubs", "ff010203 00000000 00000000 01010101", "00000001 ffffffff 00000000 00000000", "00000106 ffffffff 00000000 00000004", 0)]
    [TestCase("vsum2sws", "80000000 ffffffff 00000001 00000002", "00000000 00000000 00000000 00000003", "00000000 80000000 00000000 00000006", 1)]
    public unsafe void Saturating(string mnemonic, string a, string b, string expected, int saturated)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(a), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(machine.S->Vscr, Is.EqualTo((uint)saturated));
        machine.Apply("vaddubs");
        Assert.That(machine.S->Vscr, Is.EqualTo((uint)saturated), "SAT is sticky");
    }

    [TestCase("vcmpequb.", Count, Count, "ffffffffffffffffffffffffffffffff", 8)]
    [TestCase("vcmpequb.", Count, Tens, "00000000000000000000000000000000", 2)]
    [TestCase("vcmpequb.", Count, "000102030405060708090a0b0c0d0e00", "ffffffffffffffffffffffffffffff00", 0)]
    [TestCase("vcmpneb.", Count, Count, "00000000000000000000000000000000", 2)]
    [TestCase("vcmpnezb.", Count, Count, "ff000000000000000000000000000000", 0)]
    [TestCase("vcmpgtsb.", "ff7f8000000000000000000000000000", "00808000000000000000000000000000", "00ff0000000000000000000000000000", 0)]
    [TestCase("vcmpgtub.", "ff7f8000000000000000000000000000", "00808000000000000000000000000000", "ff000000000000000000000000000000", 0)]
    [TestCase("vcmpgtsd.", "00000000000000017fffffffffffffff", "ffffffffffffffff8000000000000000", "ffffffffffffffffffffffffffffffff", 8)]
    public unsafe void Compare_sets_CR6(string mnemonic, string a, string b, string expected, int cr)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(a), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(machine.S->Cr[6], Is.EqualTo(cr));
        machine.S->Cr[6] = 7;
        machine.Apply(mnemonic.TrimEnd('.'), VectorMachine.Hex(a), VectorMachine.Hex(b));
        Assert.That(machine.S->Cr[6], Is.EqualTo(7), "without Rc CR6 keeps its value");
    }

    [TestCase("vperm", "1f1e1d1c1b1a19181716151413121110", "1f1e1d1c1b1a19181716151413121110")]
    [TestCase("vperm", "000f101fe0efffff0102030405060708", "000f101f000f1f1f0102030405060708")]
    [TestCase("vpermr", "1f1e1d1c1b1a19181716151413121110", "000102030405060708090a0b0c0d0e0f")]
    [TestCase("vpermr", "000f101fe0efffff0000000000000000", "1f100f001f1000001f1f1f1f1f1f1f1f")]
    [TestCase("vpermxor", "00102030405060708090a0b0c0d0e0ff", "101112131415161718191a1b1c1d1e10")]
    [TestCase("vsel", "ffffffff000000000f0f0f0f00000000", "101112130405060708090a0b0c0d0e0f")]
    public void Permute(string mnemonic, string c, string expected)
    {
        using var machine = new VectorMachine();
        UInt128 result = machine.Apply(mnemonic, VectorMachine.Hex(Count), VectorMachine.Hex(Tens), VectorMachine.Hex(c));
        Assert.That(result, Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [TestCase("vmrghb", "00100111021203130414051506160717")]
    [TestCase("vmrglb", "08180919 0a1a0b1b 0c1c0d1d 0e1e0f1f")]
    [TestCase("vmrghw", "00010203101112130405060714151617")]
    [TestCase("vmrgew", "0001020310111213 08090a0b18191a1b")]
    [TestCase("vmrgow", "0405060714151617 0c0d0e0f1c1d1e1f")]
    [TestCase("vpkuhum", "01030507090b0d0f11131517191b1d1f")]
    [TestCase("vpkudum", "040506070c0d0e0f141516171c1d1e1f")]
    [TestCase("vupkhsb", "00100011001200130014001500160017")]
    [TestCase("vupklsh", "00001819 00001a1b 00001c1d 00001e1f")]
    public void Rearrange(string mnemonic, string expected)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(Count), VectorMachine.Hex(Tens)), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [Test]
    public void Vsldoi_shifts_the_pair_left()
    {
        using var machine = new VectorMachine();
        string pair = Count + Tens;
        for (int bytes = 0; bytes < 16; bytes++)
        {
            machine.SetVr(1, VectorMachine.Hex(Count));
            machine.SetVr(2, VectorMachine.Hex(Tens));
            Assert.That(machine.Run("vsldoi", 4, 1, 2, bytes), Is.True);
            Assert.That(machine.Vr(4), Is.EqualTo(VectorMachine.Hex(pair.Substring(2 * bytes, 32))), $"by {bytes}");
        }
    }

    [Test]
    public unsafe void Lvsl_and_lvsr_name_the_bytes_of_an_unaligned_quadword()
    {
        using var machine = new VectorMachine();
        for (int shift = 0; shift < 16; shift++)
        {
            machine.S->Gpr[3] = 0x1000 + (ulong)shift;
            machine.Run("lvsl", 4, 3, 5);
            Assert.That(machine.Vr(4), Is.EqualTo(VectorMachine.Hex((Count + Tens).Substring(2 * shift, 32))), $"lvsl {shift}");
            machine.Run("lvsr", 4, 3, 5);
            Assert.That(machine.Vr(4), Is.EqualTo(VectorMachine.Hex((Count + Tens).Substring(2 * (16 - shift), 32))), $"lvsr {shift}");
        }
    }

    [TestCase("vsl", "00000000000000000000000000000003", "000810182028303840485058 60687078")]
    [TestCase("vslo", "00000000000000000000000000000018", "030405060708090a0b0c0d0e0f000000")]
    [TestCase("vsro", "00000000000000000000000000000018", "000000000102030405060708090a0b0c")]
    [TestCase("vslv", "07070707070707070707070707070707", "00810182028303840485058606870780")]
    [TestCase("vsrv", "01010101010101010101010101010101", "0000810182028303840485058606 8707")]
    public void Shift_quadword(string mnemonic, string b, string expected)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(Count), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    // Rotate left by B[27:31], mask from B[11:15] to B[19:23].
    [TestCase("vrlwnm", "00040b04 001c0304 00001f00 00000000", "02300000 30000005 08090a0b 00000000")]
    [TestCase("vrlwmi", "00040b04 001c0304 00001f00 00000000", "f23fffff 3ffffff5 08090a0b 7fffffff")]
    public void Rotate_with_mask(string mnemonic, string b, string expected)
    {
        using var machine = new VectorMachine();
        machine.SetVr(4, UInt128.MaxValue);
        UInt128 a = VectorMachine.Hex("00230230 53000000 08090a0b 0c0d0e0f");
        Assert.That(machine.Apply(mnemonic, a, VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [Test]
    public void Vrldmi_keeps_the_target_outside_the_mask()
    {
        using var machine = new VectorMachine();
        machine.SetVr(4, UInt128.MaxValue);
        UInt128 mask8To55RotateBy8 = new(0x0000000000083708, 0x0000000000083708);
        UInt128 result = machine.Apply("vrldmi", VectorMachine.Hex(Count), mask8To55RotateBy8);
        Assert.That(result, Is.EqualTo(VectorMachine.Hex("ff02030405060 7ffff0a0b0c0d0e0fff")));
    }

    [TestCase("vbpermq", "80000000000000000000000000000001", "007f0180000000000000000000000000", "000000000000cfff0000000000000000")]
    [TestCase("vbpermd", "8000000000000000 0000000000000001", "00003f4000000000 3f3f003f40000000", "00000000000000cf 00000000000000d0")]
    public void Bit_permute(string mnemonic, string a, string b, string expected)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(a), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [TestCase("vclzlsbb", "00000100000000000000000000000000", 2ul)]
    [TestCase("vclzlsbb", "fefefefefefefefefefefefefefefefe", 16ul)]
    [TestCase("vctzlsbb", "00000100000000000000000000000000", 13ul)]
    [TestCase("vctzlsbb", "00000000000000000000000000000000", 16ul)]
    public unsafe void Count_bytes_with_even_values(string mnemonic, string b, ulong expected)
    {
        using var machine = new VectorMachine();
        machine.SetVr(2, VectorMachine.Hex(b));
        Assert.That(machine.Run(mnemonic, 7, 0, 2), Is.True);
        Assert.That(machine.S->Gpr[7], Is.EqualTo(expected));
    }

    [TestCase("vaddcuq", "ffffffffffffffffffffffffffffffff", "00000000000000000000000000000001", "0", "1")]
    [TestCase("vaddcuq", "ffffffffffffffffffffffffffffffff", "00000000000000000000000000000000", "0", "0")]
    [TestCase("vaddecuq", "ffffffffffffffffffffffffffffffff", "00000000000000000000000000000000", "1", "1")]
    [TestCase("vaddecuq", "ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff", "3", "1")]
    [TestCase("vaddeuqm", "ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff", "1", "ffffffffffffffffffffffffffffffff")]
    [TestCase("vsubcuq", "5", "5", "0", "1")]
    [TestCase("vsubcuq", "4", "5", "0", "0")]
    [TestCase("vsubecuq", "5", "5", "0", "0")]
    [TestCase("vsubeuqm", "5", "5", "0", "ffffffffffffffffffffffffffffffff")]
    public void Quadword_carry(string mnemonic, string a, string b, string c, string expected)
    {
        using var machine = new VectorMachine();
        UInt128 result = machine.Apply(mnemonic, VectorMachine.Hex(a), VectorMachine.Hex(b), VectorMachine.Hex(c));
        Assert.That(result, Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [TestCase("xxpermdi", 0u, "00010203040506071011121314151617")]
    [TestCase("xxpermdi", 1u, "000102030405060718191a1b1c1d1e1f")]
    [TestCase("xxpermdi", 2u, "08090a0b0c0d0e0f1011121314151617")]
    [TestCase("xxpermdi", 3u, "08090a0b0c0d0e0f18191a1b1c1d1e1f")]
    [TestCase("xxsldwi", 0u, Count)]
    [TestCase("xxsldwi", 1u, "0405060708090a0b0c0d0e0f10111213")]
    [TestCase("xxsldwi", 3u, "0c0d0e0f101112131415161718191a1b")]
    public void Vsx_doublewords_and_words(string mnemonic, uint control, string expected)
    {
        using var machine = new VectorMachine();
        machine.SetVsr(1, VectorMachine.Hex(Count));
        machine.SetVsr(33, VectorMachine.Hex(Tens));
        Assert.That(machine.Run(mnemonic, 62, 1, 33, bits: control << 8), Is.True);
        Assert.That(machine.Vsr(62), Is.EqualTo(VectorMachine.Hex(expected)));
    }
}
