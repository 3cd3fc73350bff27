using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>
/// Where bytes of storage go (ISA 3.0B Book I 6.7, 7.2.2, 7.6.3). Storage holds 00 01 02 …, so that a register's hex digits name the bytes' addresses.
/// </summary>
public sealed class StorageOrderTests
{
    private const string Forward = "000102030405060708090a0b0c0d0e0f";
    private const string Backward = "0f0e0d0c0b0a09080706050403020100";

    [TestCase("lxvx", true, Backward)]
    [TestCase("lxvx", false, Forward)]
    [TestCase("lxvd2x", true, "07060504030201000f0e0d0c0b0a0908")]
    [TestCase("lxvd2x", false, Forward)]
    [TestCase("lxvw4x", true, "03020100070605040b0a09080f0e0d0c")]
    [TestCase("lxvw4x", false, Forward)]
    [TestCase("lxvh8x", true, "01000302050407060908 0b0a0d0c0f0e")]
    [TestCase("lxvh8x", false, Forward)]
    [TestCase("lxvb16x", true, Forward)]
    [TestCase("lxvb16x", false, Forward)]
    [TestCase("lxvdsx", true, "07060504030201000706050403020100")]
    [TestCase("lxvdsx", false, "00010203040506070001020304050607")]
    [TestCase("lxvwsx", true, "03020100030201000302010003020100")]
    [TestCase("lxvwsx", false, "00010203000102030001020300010203")]
    public void Vsx_load(string mnemonic, bool littleEndian, string expected)
    {
        foreach (ulong address in new[] { VectorMachine.Data, VectorMachine.Data + 3, VectorMachine.Data + 0xFFA })
        {
            using var machine = Filled(littleEndian, address);
            Assert.That(machine.Run(mnemonic, 40, 3, 4), Is.True);
            Assert.That(machine.Vsr(40), Is.EqualTo(VectorMachine.Hex(expected)), $"at {address:x}");
        }
    }

    [TestCase("stxvx", "lxvx")]
    [TestCase("stxvd2x", "lxvd2x")]
    [TestCase("stxvw4x", "lxvw4x")]
    [TestCase("stxvh8x", "lxvh8x")]
    [TestCase("stxvb16x", "lxvb16x")]
    [TestCase("stvx", "lvx")]
    public void Store_writes_what_its_load_read(string store, string load)
    {
        foreach (bool littleEndian in new[] { true, false })
        {
            using var machine = Filled(littleEndian, VectorMachine.Data);
            Assert.That(machine.Run(load, 5, 3, 4), Is.True);
            machine.Bytes(VectorMachine.Data, 16).Clear();
            Assert.That(machine.Run(store, 5, 3, 4), Is.True);
            Assert.That(machine.Bytes(VectorMachine.Data, 17).ToArray(), Is.EqualTo(Enumerable.Range(0, 17).Select(n => (byte)n)));
        }
    }

    [TestCase(true, Backward)]
    [TestCase(false, Forward)]
    public void Lvx_aligns_the_address_down(bool littleEndian, string expected)
    {
        using var machine = Filled(littleEndian, VectorMachine.Data);
        SetGpr(machine, 4, 13);
        Assert.That(machine.Run("lvx", 5, 3, 4), Is.True);
        Assert.That(machine.Vr(5), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [TestCase("lvebx", true, 5, 80, 0x05u)]
    [TestCase("lvebx", false, 5, 40, 0x05u)]
    [TestCase("lvehx", true, 7, 64, 0x0706u)]
    [TestCase("lvehx", false, 7, 48, 0x0607u)]
    [TestCase("lvewx", true, 10, 32, 0x0b0a0908u)]
    [TestCase("lvewx", false, 10, 64, 0x08090a0bu)]
    public void Element_load_fills_the_element_that_the_address_names(string mnemonic, bool littleEndian, int offset, int firstBit, uint expected)
    {
        int width = mnemonic[3] switch { 'b' => 8, 'h' => 16, _ => 32 };
        using var machine = Filled(littleEndian, VectorMachine.Data);
        SetGpr(machine, 4, (ulong)offset);
        Assert.That(machine.Run(mnemonic, 5, 3, 4), Is.True);
        UInt128 element = (machine.Vr(5) >> (128 - firstBit - width)) & ((UInt128.One << width) - 1);
        Assert.That(element, Is.EqualTo((UInt128)expected));
    }

    [TestCase("stvebx", true, 5, 5, 1)]
    [TestCase("stvehx", false, 7, 6, 2)]
    [TestCase("stvewx", true, 10, 8, 4)]
    public void Element_store_writes_one_element(string mnemonic, bool littleEndian, int offset, int first, int count)
    {
        using var machine = Filled(littleEndian, VectorMachine.Data);
        SetGpr(machine, 4, (ulong)offset);
        machine.SetVr(5, UInt128.MaxValue);
        Assert.That(machine.Run(mnemonic, 5, 3, 4), Is.True);
        IEnumerable<byte> expected = Enumerable.Range(0, 16).Select(n => n >= first && n < first + count ? (byte)0xFF : (byte)n);
        Assert.That(machine.Bytes(VectorMachine.Data, 16).ToArray(), Is.EqualTo(expected));
    }

    [TestCase("lxvl", true, 3, "00000000000000000000000000020100")]
    [TestCase("lxvl", false, 3, "00010200000000000000000000000000")]
    [TestCase("lxvll", true, 3, "00010200000000000000000000000000")]
    [TestCase("lxvll", false, 3, "00010200000000000000000000000000")]
    [TestCase("lxvl", true, 15, "000e0d0c0b0a09080706050403020100")]
    [TestCase("lxvl", true, 0, "00000000000000000000000000000000")]
    [TestCase("lxvl", true, 16, Backward)]
    [TestCase("lxvl", true, 200, Backward)]
    [TestCase("lxvll", true, 255, Forward)]
    public void Load_with_length(string mnemonic, bool littleEndian, int length, string expected)
    {
        using var machine = Filled(littleEndian, VectorMachine.Data);
        SetGpr(machine, 4, ((ulong)length << 56) | 0x1234);
        Assert.That(machine.Run(mnemonic, 40, 3, 4), Is.True);
        Assert.That(machine.Vsr(40), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    [Test]
    public void Store_with_length_writes_no_byte_more()
    {
        foreach (string form in new[] { "xvl", "xvll" })
        {
            for (int length = 0; length <= 18; length++)
            {
                using var machine = Filled(true, VectorMachine.Data);
                SetGpr(machine, 4, (ulong)length << 56);
                machine.Run("l" + form, 6, 3, 4);
                machine.SetVsr(6, ~machine.Vsr(6));
                Assert.That(machine.Run("st" + form, 6, 3, 4), Is.True);
                IEnumerable<byte> expected = Enumerable.Range(0, 20).Select(n => (byte)(n < Math.Min(length, 16) ? ~n : n));
                Assert.That(machine.Bytes(VectorMachine.Data, 20).ToArray(), Is.EqualTo(expected), $"st{form} of {length}");
            }
        }
    }

    [TestCase("lxsdx", true, 0x0706050403020100u)]
    [TestCase("lxsdx", false, 0x0001020304050607u)]
    [TestCase("lxsiwzx", true, 0x83020180u)]
    [TestCase("lxsiwax", true, 0xFFFFFFFF83020180u)]
    [TestCase("lxsihzx", true, 0x0180u)]
    [TestCase("lxsihzx", false, 0x8001u)]
    [TestCase("lxsibzx", false, 0x80u)]
    public void Scalar_load(string mnemonic, bool littleEndian, ulong expected)
    {
        using var machine = Filled(littleEndian, VectorMachine.Data);
        if (mnemonic != "lxsdx")
        {
            machine.Bytes(VectorMachine.Data, 1)[0] = 0x80;
            machine.Bytes(VectorMachine.Data + 3, 1)[0] = 0x83;
        }

        Assert.That(machine.Run(mnemonic, 9, 3, 4), Is.True);
        Assert.That((ulong)(machine.Vsr(9) >> 64), Is.EqualTo(expected));
    }

    private static unsafe void SetGpr(VectorMachine machine, int n, ulong value) => machine.S->Gpr[n] = value;

    private static VectorMachine Filled(bool littleEndian, ulong address)
    {
        var machine = new VectorMachine(littleEndian);
        for (int n = 0; n < 32; n++)
            machine.Bytes(address, 32)[n] = (byte)n;
        SetGpr(machine, 3, address);
        return machine;
    }
}
