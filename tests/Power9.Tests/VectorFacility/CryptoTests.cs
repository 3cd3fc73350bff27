using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>Whole algorithms built from the vector instructions, against the host's cryptographic library.</summary>
public sealed class CryptoTests
{
    [Test]
    public void Vcipher_and_vncipher_are_AES()
    {
        using var machine = new VectorMachine();
        using var aes = Aes.Create();
        aes.Key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
        byte[] plain = Convert.FromHexString("00112233445566778899aabbccddeeff");
        byte[] encrypted = aes.EncryptEcb(plain, PaddingMode.None);
        UInt128[] keys = ExpandKey(machine, Number(aes.Key));

        UInt128 state = Number(plain) ^ keys[0];
        for (int round = 1; round < 10; round++)
            state = machine.Apply("vcipher", state, keys[round]);
        state = machine.Apply("vcipherlast", state, keys[10]);
        Assert.That(state, Is.EqualTo(Number(encrypted)));

        state ^= keys[10];
        for (int round = 9; round > 0; round--)
            state = machine.Apply("vncipher", state, keys[round]);
        Assert.That(machine.Apply("vncipherlast", state, keys[0]), Is.EqualTo(Number(plain)));
    }

    [Test]
    public void Vshasigmaw_makes_SHA256()
    {
        using var machine = new VectorMachine();
        byte[] message = Encoding.ASCII.GetBytes("abc");
        byte[] block = new byte[64];
        message.CopyTo(block, 0);
        block[message.Length] = 0x80;
        block[63] = (byte)(8 * message.Length);
        uint Sigma(uint x, bool upper, bool one)
        {
            machine.SetVr(1, new UInt128(0, x));
            Assert.That(machine.Run("vshasigmaw", 4, 1, bits: (upper ? 0x8000u : 0) | (one ? 0x800u : 0)), Is.True);
            return (uint)machine.Vr(4);
        }

        var w = new uint[64];
        for (int n = 0; n < 64; n++)
        {
            w[n] = n < 16
                ? BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(4 * n))
                : Sigma(w[n - 2], false, true) + w[n - 7] + Sigma(w[n - 15], false, false) + w[n - 16];
        }

        uint[] h = [.. Primes(8).Select(p => Fraction(Math.Sqrt(p)))];
        uint[] k = [.. Primes(64).Select(p => Fraction(Math.Cbrt(p)))];
        uint[] v = [.. h];
        for (int n = 0; n < 64; n++)
        {
            uint t1 = v[7] + Sigma(v[4], true, true) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[n] + w[n];
            uint t2 = Sigma(v[0], true, false) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            v = [t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]];
        }

        string digest = string.Concat(h.Zip(v, (a, b) => (a + b).ToString("X8")));
        Assert.That(digest, Is.EqualTo(Convert.ToHexString(SHA256.HashData(message))));
    }

    [TestCase(false, 0u, 1, 8, 7, true)]
    [TestCase(false, 1u, 19, 61, 6, true)]
    [TestCase(true, 0u, 28, 34, 39, false)]
    [TestCase(true, 1u, 14, 18, 41, false)]
    public void Vshasigmad_is_FIPS_180_4(bool upper, uint one, int first, int second, int third, bool shifts)
    {
        using var machine = new VectorMachine();
        const ulong X = 0x8123456789ABCDEF;
        ulong expected = BitOperations.RotateRight(X, first) ^ BitOperations.RotateRight(X, second) ^ (shifts ? X >> third : BitOperations.RotateRight(X, third));
        machine.SetVr(1, new UInt128(X, X));
        Assert.That(machine.Run("vshasigmad", 4, 1, bits: (upper ? 0x8000u : 0) | (one * 0x5000)), Is.True);
        Assert.That(machine.Vr(4), Is.EqualTo(new UInt128(expected, expected)));
    }

    [TestCase("vpmsumb", 8)]
    [TestCase("vpmsumh", 16)]
    [TestCase("vpmsumw", 32)]
    [TestCase("vpmsumd", 64)]
    public void Vpmsum_adds_products_of_neighbours(string mnemonic, int width)
    {
        using var machine = new VectorMachine();
        var random = new Random(width);
        for (int round = 0; round < 50; round++)
        {
            UInt128 a = Random(random);
            UInt128 b = Random(random);
            UInt128 expected = 0;
            for (int shift = 0; shift < 128; shift += 2 * width)
            {
                UInt128 sum = Product(a >> shift, b >> shift, width) ^ Product(a >> (shift + width), b >> (shift + width), width);
                expected |= sum << shift;
            }

            Assert.That(machine.Apply(mnemonic, a, b), Is.EqualTo(expected));
        }
    }

    private static UInt128 Product(UInt128 a, UInt128 b, int width)
    {
        UInt128 mask = (UInt128.One << width) - 1;
        UInt128 product = 0;
        for (int bit = 0; bit < width; bit++)
            product ^= ((b >> bit) & 1) != 0 ? (a & mask) << bit : 0;
        return product;
    }

    private static UInt128 Random(Random random) => new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));

    private static UInt128 Number(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    // FIPS 197 5.2 for 128-bit keys, with vsbox as SubWord.
    private static UInt128[] ExpandKey(VectorMachine machine, UInt128 key)
    {
        var keys = new UInt128[11];
        keys[0] = key;
        uint constant = 1;
        for (int round = 1; round < keys.Length; round++)
        {
            uint last = BitOperations.RotateLeft((uint)keys[round - 1], 8);
            uint mixed = (uint)machine.Apply("vsbox", last) ^ (constant << 24);
            for (int word = 96; word >= 0; word -= 32)
            {
                mixed ^= (uint)(keys[round - 1] >> word);
                keys[round] |= (UInt128)mixed << word;
            }

            constant = (constant << 1) ^ ((constant & 0x80) != 0 ? 0x11Bu : 0);
        }

        return keys;
    }

    private static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, 400).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).Take(count);

    // The first 32 bits of the fraction.
    private static uint Fraction(double root) => (uint)((root - Math.Floor(root)) * 4294967296.0);
}
