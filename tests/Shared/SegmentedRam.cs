using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Tests.Shared;

/// <summary>
/// Host memory for RAM in as many pieces as possible, as a host with segmented memory gives it: 64 KiB each, in falling order of host addresses and
/// with a gap of <see cref="GapByte"/> behind each, so that whoever runs over a border reads or damages something else.
/// </summary>
internal sealed unsafe class SegmentedRam : IDisposable
{
    public const byte GapByte = 0xEE;

    private const ulong Piece = PhysicalMemory.Unit;
    private const ulong Gap = 4096;
    private readonly List<(nint Host, ulong Pieces)> blocks = [];

    /// <summary>Adds zeroed RAM.</summary>
    public SegmentedRam Add(PhysicalMemory memory, ulong baseAddress, ulong size, bool secure)
    {
        ulong pieces = size / Piece;
        byte* host = (byte*)NativeMemory.AllocZeroed((nuint)(pieces * (Piece + Gap)));
        blocks.Add(((nint)host, pieces));
        for (ulong n = 0; n < pieces; n++)
        {
            byte* place = host + ((pieces - 1 - n) * (Piece + Gap));
            NativeMemory.Fill(place + Piece, (nuint)Gap, GapByte);
            memory.AddHostRam(baseAddress + (n * Piece), Piece, secure, place);
        }

        return this;
    }

    /// <summary>Whether all gaps are as they were.</summary>
    public bool GapsAreWhole()
    {
        foreach ((nint host, ulong pieces) in blocks)
        {
            for (ulong n = 0; n < pieces; n++)
            {
                if (new Span<byte>((byte*)host + (n * (Piece + Gap)) + Piece, (int)Gap).ContainsAnyExcept(GapByte))
                    return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach ((nint host, _) in blocks)
            NativeMemory.Free((void*)host);
        blocks.Clear();
    }
}
