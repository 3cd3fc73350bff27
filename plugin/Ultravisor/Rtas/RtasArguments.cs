using System.Buffers.Binary;

namespace RenodeUvmem.Ultravisor.Rtas;

/// <summary>Argument block of an RTAS call: token, nargs, nret, then arguments and results, all big-endian words (LoPAR 7.2.8).</summary>
internal sealed class RtasArguments
{
    /// <summary>Most arguments and results together.</summary>
    public const int Maximum = 16;

    /// <summary>Bytes of a full block.</summary>
    public const int Size = (3 + Maximum) * 4;

    private readonly uint[] words = new uint[3 + Maximum];

    private RtasArguments()
    {
    }

    /// <summary>Builds a block.</summary>
    public RtasArguments(uint token, uint results, params uint[] arguments)
    {
        words[0] = token;
        words[1] = (uint)arguments.Length;
        words[2] = results;
        arguments.CopyTo(words, 3);
    }

    public uint Token => words[0];

    public int ArgumentCount => (int)words[1];

    public int ResultCount => (int)words[2];

    /// <summary>Bytes in use.</summary>
    public int Length => (3 + ArgumentCount + ResultCount) * 4;

    /// <summary>Argument, then result words.</summary>
    public uint this[int index]
    {
        get => words[3 + index];
        set => words[3 + index] = value;
    }

    /// <summary>Parses a block; null if its counts are impossible.</summary>
    public static RtasArguments? Parse(ReadOnlySpan<byte> bytes)
    {
        var block = new RtasArguments();
        for (int n = 0; n < block.words.Length; n++)
            block.words[n] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(n * 4)..]);
        return block.words[1] <= Maximum && block.words[2] <= Maximum - block.words[1] ? block : null;
    }

    /// <summary>The bytes of a full block. Behind the arguments all is zero: what the guest's memory holds there is none of the hypervisor's business.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        for (int n = 0; n < 3 + ArgumentCount; n++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(n * 4), words[n]);
        return bytes;
    }
}
