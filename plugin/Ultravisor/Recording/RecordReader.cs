using System.Text;

namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
internal sealed class RecordReader(Stream stream)
{
    private const int LongestText = 1 << 20;

    /// <summary>The next entry's kind, or null at the end of the file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public RecordKind? ReadKind()
    {
        int value = stream.ReadByte();
        if (value < 0)
            return null;
        return Enum.IsDefined((RecordKind)value) ? (RecordKind)value : throw new InvalidDataException($"entry of unknown kind {value}");
    }

    public ulong Read()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0)
                throw new InvalidDataException("the record ends within an entry");
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("a number has too many digits");
    }

    public long ReadSigned()
    {
        ulong value = Read();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number that counts or names something there is.</summary>
    public int ReadPlace(int count)
    {
        ulong value = Read();
        return value < (ulong)count ? (int)value : throw new InvalidDataException($"there is no {value} of {count}");
    }

    public string ReadText()
    {
        var bytes = new byte[ReadPlace(LongestText)];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
