using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>The pages behind the guests, and DMA.</summary>
internal static unsafe partial class HypervisorActs
{
    /// <summary>Changes its own memory behind the guests: bits, whole pages, exchanged pages.</summary>
    public static void Tamper(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong first = Behind(random);
        ulong second = Behind(random);
        switch (random.Below(4))
        {
            case 0 or 1:
                int bit = random.Below(8 * (int)World.Frame);
                story.Add($"flips bit {bit} of page 0x{first:x}");
                world.Page(first)[bit / 8] ^= (byte)(1 << (bit % 8));
                world.Memory.InvalidateCode(first, World.Frame);
                break;
            case 2:
                story.Add($"copies page 0x{first:x} to 0x{second:x}");
                world.Page(first).CopyTo(world.Page(second));
                world.Memory.InvalidateCode(second, World.Frame);
                break;
            default:
                story.Add($"exchanges pages 0x{first:x} and 0x{second:x}");
                byte[] kept = world.Page(first).ToArray();
                world.Page(second).CopyTo(world.Page(first));
                kept.CopyTo(world.Page(second));
                world.Memory.InvalidateCode(first, World.Frame);
                world.Memory.InvalidateCode(second, World.Frame);
                break;
        }
    }

    /// <summary>A device reads or writes anywhere.</summary>
    public static void Dma(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong real = Values.Address(random);
        ulong length = random.OneIn(2) ? Values.Number(random) : (ulong)random.Below(0x20000);
        story.Add($"DMA of 0x{length:x} bytes at 0x{real:x}");
        UInt128 end = (UInt128)real + length;
        bool touches = length > 0 && real < World.SecureBase + world.SecureSize && end > World.SecureBase;

        // Behind the end of the address space there is nothing to be had.
        bool wraps = end > (UInt128)ulong.MaxValue + 1;
        bool allowed = world.Uv.Controller.AllowDma(real, length, random.OneIn(2));
        if (allowed && (touches || wraps))
            throw new BrokenPropertyException("DMA", $"0x{length:x} bytes at 0x{real:x} were allowed");
        if (!allowed && !touches && !wraps)
            throw new BrokenPropertyException("DMA", $"0x{length:x} bytes at 0x{real:x} of normal memory were refused");
    }

    private static ulong Behind(FuzzRandom random) =>
        random.OneIn(3) ? World.OwnPage(random) : World.PageOf((ulong)(1 + random.Below(World.GuestCount)), (ulong)random.Below(Guest.FrameCount) * World.Frame);
}
