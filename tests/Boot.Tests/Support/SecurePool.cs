using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>
/// The hypervisor's own account of secure memory, read from its memory: kvmppc_uvmem_bitmap of arch/powerpc/kvm/book3s_hv_uvmem.c has one bit for
/// each 64 KiB device page in use, that is for each frame that the hypervisor holds to be in secure memory.
/// </summary>
internal sealed unsafe class SecurePool(PhysicalMemory memory, ulong secureSize)
{
    // Linux's linear map and kernel image, arch/powerpc/include/asm/page.h.
    private const ulong PageOffset = 0xC000000000000000;
    private const ulong FrameSize = 65536;

    private readonly ulong pointer = SymbolAddress("kvmppc_uvmem_bitmap") & ~PageOffset;

    /// <summary>Frames that the pool has.</summary>
    public int Size => (int)(secureSize / FrameSize);

    /// <summary>Frames in use; 0 before KVM has set the pool up.</summary>
    public int Used
    {
        get
        {
            ulong bitmap = Read(pointer);
            if (bitmap == 0)
                return 0;
            int used = 0;
            for (ulong word = 0; word < (ulong)Size / 64; word++)
                used += BitOperations.PopCount(Read((bitmap & ~PageOffset) + (word * 8)));
            return used;
        }
    }

    private ulong Read(ulong real) => BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(memory.Pointer(real, 8), 8));

    private static ulong SymbolAddress(string name)
    {
        string line = File.ReadLines(Images.SystemMap).First(line => line.EndsWith(' ' + name, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
