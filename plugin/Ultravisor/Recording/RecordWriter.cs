using System.Text;

namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>Numbers and texts of a record: unsigned numbers in groups of seven bits, the lowest first, bit 7 set in all but the last; signed ones with the sign in bit 0.</summary>
internal sealed class RecordWriter(Stream stream)
{
    public void Write(RecordKind kind) => stream.WriteByte((byte)kind);

    public void Write(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }

    public void Write(int value) => Write((ulong)value);

    public void WriteSigned(long value) => Write((ulong)((value << 1) ^ (value >> 63)));

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write((ulong)bytes.Length);
        stream.Write(bytes);
    }
}
