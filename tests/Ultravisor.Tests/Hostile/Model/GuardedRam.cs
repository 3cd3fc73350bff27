using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>RAM with a pattern behind each piece of host memory: a write of the emulator past an end is seen. As one piece, or as many of 64 KiB, as a host may give it.</summary>
internal sealed unsafe class GuardedRam : IDisposable
{
    private const ulong PageSize = PhysicalMemory.Unit;
    private const ulong GuardSize = 4096;
    private const byte GuardByte = 0xA5;

    private readonly ulong pieceSize;
    private readonly ulong stride;
    private readonly byte* block;

    public GuardedRam(PhysicalMemory memory, ulong real, ulong size, bool secure, bool pieces)
    {
        Base = real;
        Size = size;
        pieceSize = pieces ? PageSize : size;
        stride = pieceSize + GuardSize;
        block = (byte*)NativeMemory.AllocZeroed((nuint)(GuardSize + (size / pieceSize * stride)));
        Guard(0).Fill(GuardByte);
        for (ulong n = 0; n < size / pieceSize; n++)
        {
            Guard((n + 1) * stride).Fill(GuardByte);
            memory.AddHostRam(real + (n * pieceSize), pieceSize, secure, block + GuardSize + (n * stride));
        }
    }

    public ulong Base { get; }

    public ulong Size { get; }

    /// <summary>The 64 KiB page that begins at a real address.</summary>
    public Span<byte> Page(ulong real) => new(block + GuardSize + ((real - Base) / pieceSize * stride) + ((real - Base) % pieceSize), (int)PageSize);

    public void Check()
    {
        for (ulong at = 0; at <= Size / pieceSize * stride; at += stride)
        {
            if (Guard(at).IndexOfAnyExcept(GuardByte) >= 0)
                throw new BrokenPropertyException("memory", $"the emulator wrote outside of a piece of the RAM at 0x{Base:x}");
        }
    }

    public void Dispose() => NativeMemory.Free(block);

    private Span<byte> Guard(ulong at) => new(block + at, (int)GuardSize);
}
