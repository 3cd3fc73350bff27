using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>
/// /ibm,opal/power-mgt: one state, stop 0 without loss of state, that ends at the next instruction. Deeper ones would save no time here, and with an
/// ultravisor Linux must be offered none that loses hypervisor state: it would restore PTCR itself (arch/powerpc/platforms/powernv/idle.c).
/// </summary>
internal static class IdleStates
{
    // OPAL_PM_STOP_INST_FAST (Linux opal-api.h).
    private const uint StopInstructionFast = 0x0010_0000;

    // PSSCR (ISA 3.0B Book III 3.2.3): ESL=EC=0, TR=3, MTL=3, RL=0, and the mask of these fields.
    private const ulong Psscr = 0x330;
    private const ulong PsscrMask = 0x0030_03FF;

    public static void AddTo(FdtNode opal) =>
        opal.AddNode("power-mgt")
            .SetText("ibm,cpu-idle-state-names", "stop0_lite")
            .SetCells("ibm,cpu-idle-state-flags", StopInstructionFast)
            .SetCells("ibm,cpu-idle-state-latencies-ns", 1000)
            .SetCells("ibm,cpu-idle-state-residency-ns", 10000)
            .SetTwoCells("ibm,cpu-idle-state-psscr", Psscr)
            .SetTwoCells("ibm,cpu-idle-state-psscr-mask", PsscrMask);
}
