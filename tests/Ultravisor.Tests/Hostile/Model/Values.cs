using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Numbers that callers like to lie with.</summary>
internal static class Values
{
    private static readonly ulong[] Edges =
    [
        0, 1, World.Frame, Guest.Size, World.NormalSize, World.SecureBase, World.SecureBase + World.LargestSecureSize, 1UL << 31, 1UL << 32, 1UL << 40,
        1UL << 47, 1UL << 51, 1UL << 52, 1UL << 56, 1UL << 60, 1UL << 62, 1UL << 63, 0xC000000000000000, 0xF000000000000000,
    ];

    /// <summary>An address or a size: around an edge, wrapping, unaligned, of the guest, of the hypervisor, of secure memory, anything.</summary>
    public static ulong Address(FuzzRandom random) => random.Below(10) switch
    {
        0 => random.Next(),
        1 or 2 => random.PickOf(Edges) + ((ulong)(random.Below(5) - 2) * random.Pick<ulong>(1, 8, 0x1000, World.Frame, 2UL << 20)),
        3 => ulong.MaxValue - ((ulong)random.Below(4) * World.Frame) - (ulong)random.Below(2),
        4 => World.SecureBase + ((ulong)random.Below((int)(World.LargestSecureSize / World.Frame)) * World.Frame),
        5 => (ulong)random.Below((int)(World.NormalSize / World.Frame)) * World.Frame,
        6 => ((ulong)random.Below(Guest.FrameCount) * World.Frame) + (ulong)random.Below(0x10000),
        _ => (ulong)random.Below(Guest.FrameCount + 2) * World.Frame,
    };

    /// <summary>A small number, an edge, or anything.</summary>
    public static ulong Number(FuzzRandom random) => random.Below(4) switch
    {
        0 => Address(random),
        1 => (ulong)random.Below(32),
        2 => 1UL << random.Below(64),
        _ => ulong.MaxValue >> random.Below(64),
    };

    /// <summary>Usually a guest's partition.</summary>
    public static ulong Lpid(FuzzRandom random) =>
        random.OneIn(8) ? random.Pick<ulong>(0, 4, 4095, 4096, 1UL << 32, ulong.MaxValue) : (ulong)(1 + random.Below(World.GuestCount));

    /// <summary>Usually the one order that there is.</summary>
    public static ulong Order(FuzzRandom random) => random.OneIn(8) ? random.Pick<ulong>(0, 12, 15, 17, 21, 30, 52, 63, 64, 80, (1UL << 32) | 16, ulong.MaxValue) : 16;

    /// <summary>An MSR as a caller may have it: anything but the ultravisor's, and nothing the CPU does not have.</summary>
    public static ulong AnyMsr(FuzzRandom random) => random.Next() & Msr.Implemented & ~(Msr.S | Msr.HV);
}
