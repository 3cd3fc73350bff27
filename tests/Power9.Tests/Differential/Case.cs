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

    public void AddWord(uint word)
    {
        int count = WordCount;
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(CaseLayout.Block + (4 * count)), word);
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(CaseLayout.Words), (ulong)count + 1);
    }
}
