using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Ways to spoil bytes.</summary>
internal static class Damage
{
    // Words that parsers stumble over.
    private static readonly uint[] Words = [0, 1, 2, 3, 4, 9, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF, 0xD00DFEED];

    /// <summary>A few changes: bits, bytes, big-endian words, pieces moved over others.</summary>
    public static void Bytes(FuzzRandom random, Span<byte> bytes)
    {
        if (bytes.Length < 8)
            return;
        for (int changes = 1 + random.Below(4); changes > 0; changes--)
        {
            int at = random.Below(bytes.Length);
            switch (random.Below(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next();
                    break;
                case 2:
                    Word(bytes, at, random.PickOf(Words));
                    break;
                case 3:
                    Word(bytes, at, (uint)random.Below(bytes.Length));
                    break;
                case 4:
                    // The first words of a format are its header.
                    Word(bytes, 4 * random.Below(Math.Min(10, bytes.Length / 4)), random.OneIn(2) ? random.PickOf(Words) : (uint)random.Below(2 * bytes.Length));
                    break;
                default:
                    int from = random.Below(bytes.Length);
                    int length = Math.Min(random.Below(64), bytes.Length - Math.Max(at, from));
                    bytes.Slice(from, length).CopyTo(bytes[at..]);
                    break;
            }
        }
    }

    private static void Word(Span<byte> bytes, int at, uint value) =>
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[Math.Min(at & ~3, bytes.Length - 4 & ~3)..], value);
}
