using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Platform;

/// <summary>The ultravisor's place in the machine.</summary>
public sealed unsafe partial class Machine
{
    // An ultravisor without secure memory for guests still needs some for its partition table. The device tree does not show it.
    private const ulong PrivateSecureMemory = 16UL << 20;

    /// <summary>The ultravisor, or null on a plain machine.</summary>
    public UltravisorModel? Ultravisor { get; private set; }

    private void AddUltravisor(UltravisorOptions options)
    {
        if (Description.Memory.SecureSize == 0)
            AddRam("--ultravisor", MemoryMap.SecureBase, PrivateSecureMemory, secure: true);
        Ultravisor = new UltravisorModel(Memory, options) { Scom = xscom };
        foreach (Processor processor in processors)
            Ultravisor.Attach(processor.Cpu);
    }
}
