using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>RAM with a pattern before and behind it: a write of the emulator past its end is seen.</summary>
internal sealed unsafe class GuardedRam : IDisposable
{
    private const int GuardSize = 0x10000;
    private const byte GuardByte = 0xA5;

    private readonly byte* block;
    private readonly ulong size;

    public GuardedRam(PhysicalMemory memory, ulong real, ulong size, bool secure)
    {
        this.size = size;
        Base = real;
        block = (byte*)NativeMemory.AllocZeroed((nuint)(size + (2 * GuardSize)));
        Front.Fill(GuardByte);
        Back.Fill(GuardByte);
        memory.AddHostRam(real, size, secure, block + GuardSize);
    }

    public ulong Base { get; }

    public Span<byte> Bytes => new(block + GuardSize, (int)size);

    private Span<byte> Front => new(block, GuardSize);

    private Span<byte> Back => new(block + GuardSize + size, GuardSize);

    public Span<byte> Page(ulong real) => new(block + GuardSize + (real - Base), 0x10000);

    public void Check()
    {
        if (Front.IndexOfAnyExcept(GuardByte) >= 0 || Back.IndexOfAnyExcept(GuardByte) >= 0)
            throw new BrokenPropertyException("memory", $"the emulator wrote outside of the RAM at 0x{Base:x}");
    }

    public void Dispose() => NativeMemory.Free(block);
}
