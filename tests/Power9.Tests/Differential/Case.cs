using System.Buffers.Binary;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>State before or after a block, in the layout of <see cref="CaseLayout"/>.</summary>
internal readonly struct Case(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;

    public ulong this[int offset]
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(offset));
        set => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(offset), value);
    }

    public int WordCount => (int)this[CaseLayout.Words];

    public Span<byte> Memory => Bytes.AsSpan(CaseLayout.Memory, CaseLayout.WindowSize);

    public static Case New() => new(new byte[CaseLayout.Size]);

    public ulong Gpr(int number) => this[CaseLayout.Gpr + (8 * number)];

    public void SetGpr(int number, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(CaseLayout.Gpr + (8 * number)), value);

    public uint Word(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(CaseLayout.Block + (4 * index)));

    /// <summary>The same case with its numbers in the other byte order; what the block sees as memory stays as it is.</summary>
    public Case Swapped()
    {
        byte[] swapped = (byte[])Bytes.Clone();
        void Reverse(int from, int to, int width)
        {
            for (int k = from; k < to; k += width)
                swapped.AsSpan(k, width).Reverse();
        }

        Reverse(0, CaseLayout.Vscr, 8);
        Reverse(CaseLayout.Vscr, CaseLayout.Words, 16);
        Reverse(CaseLayout.Words, CaseLayout.Vsr, 8);
        Reverse(CaseLayout.Vsr, CaseLayout.Block, 16);
        Reverse(CaseLayout.Block, CaseLayout.Memory, 4);
        return new Case(swapped);
    }

    public void AddWord(uint word)
    {
        int count = WordCount;
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(CaseLayout.Block + (4 * count)), word);
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(CaseLayout.Words), (ulong)count + 1);
    }
}
