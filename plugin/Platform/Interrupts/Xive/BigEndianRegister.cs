using System.Buffers.Binary;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>The controller's registers are big-endian; devices are given numbers in little-endian register order (<see cref="Power9.Memory.IMmioDevice"/>).</summary>
internal static class BigEndianRegister
{
    /// <summary>What a load gives that has no meaning.</summary>
    public const ulong AllOnes = ulong.MaxValue;

    /// <summary>Turns the <paramref name="size"/> low bytes of a number round.</summary>
    public static ulong Swap(ulong value, int size) => BinaryPrimitives.ReverseEndianness(value) >> (64 - 8 * size);
}
