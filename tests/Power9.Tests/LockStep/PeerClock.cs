using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>The clock that QEMU sees, see Clock/slowclock.c. It goes on from what it showed when its rate changes.</summary>
internal sealed class PeerClock : IDisposable
{
    private const int RealOffset = 8;
    private const int ShownOffset = 16;
    private const int NumeratorOffset = 24;
    private const int DenominatorOffset = 32;
    private const int Size = 40;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private uint sequence;
    private long real = Now;
    private long shown = Now;
    private long numerator = 1;
    private long denominator = 1;

    public PeerClock(string directory)
    {
        Path = System.IO.Path.Combine(directory, "clock");
        file = MemoryMappedFile.CreateFromFile(Path, FileMode.Create, null, Size);
        view = file.CreateViewAccessor();
        Library = System.IO.Path.Combine(directory, "slowclock.so");
        string source = System.IO.Path.Combine(AppContext.BaseDirectory, "LockStep", "Clock", "slowclock.c");
        Oracles.Run("gcc", "-O2", "-shared", "-fPIC", "-o", Library, source, "-ldl");
        Publish();
    }

    /// <summary>The library to preload.</summary>
    public string Library { get; }

    /// <summary>Value of UVMEM_CLOCK.</summary>
    public string Path { get; }

    // CLOCK_MONOTONIC, as .NET's stopwatch on Linux.
    private static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    /// <summary>From now on, a second of the host is <paramref name="up"/> / <paramref name="down"/> seconds.</summary>
    public void SetRate(long up, long down)
    {
        long now = Now;
        shown += (long)((Int128)(now - real) * numerator / denominator);
        (real, numerator, denominator) = (now, up, down);
        Publish();
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    private void Publish()
    {
        view.Write(0, ++sequence);
        Thread.MemoryBarrier();
        view.Write(RealOffset, real);
        view.Write(ShownOffset, shown);
        view.Write(NumeratorOffset, numerator);
        view.Write(DenominatorOffset, denominator);
        Thread.MemoryBarrier();
        view.Write(0, ++sequence);
    }
}
