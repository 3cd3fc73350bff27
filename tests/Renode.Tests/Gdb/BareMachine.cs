using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>A CPU and 1 MiB of RAM, with little-endian code at <see cref="Code"/>.</summary>
internal static class BareMachine
{
    /// <summary>Where code is put.</summary>
    public const ulong Code = 0x1000;

    /// <summary>MSR[SF HV VEC VSX FP ME LE] (ISA 3.0B Book III 4.2.1): real mode, little-endian, all facilities.</summary>
    public const ulong Msr = 0x9000_0000_0280_3001;

    // HFSCR[FP, VECVSX] (Book III 6.2.11).
    private const ulong Facilities = 3;

    /// <summary>Makes the only machine of a Renode, and a gdb on it that has given the CPU its state.</summary>
    public static GdbProcess Attach(RenodeProcess renode, params uint[] words)
    {
        renode.Run("Reset Emulation");
        renode.Command("mach create");
        renode.Command("machine LoadPlatformDescriptionFromString \"ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x100000 }\"");
        renode.Command("machine LoadPlatformDescriptionFromString \"cpu0: CPU.Power9 @ sysbus\"");
        for (int n = 0; n < words.Length; n++)
            renode.Command($"sysbus WriteDoubleWord 0x{Code + ((ulong)n * 4):x} 0x{words[n]:x}");
        renode.Command($"cpu0 PC 0x{Code:x}");
        GdbProcess gdb = GdbProcess.Attach(renode);
        gdb.Run($"set $msr = 0x{Msr:x}");
        gdb.Run($"set $hfscr = {Facilities}");
        return gdb;
    }
}
