using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Power9.Memory;

/// <summary>A device whose registers are others for each processor: it is told who accesses. Without a processor, as from a host's bus, it is an <see cref="IMmioDevice"/>.</summary>
public interface IProcessorDevice : IMmioDevice
{
    /// <summary>Reads as <see cref="IMmioDevice.Read"/> does, for a processor.</summary>
    ulong Read(Cpu cpu, ulong offset, int size);

    /// <summary>Writes as <see cref="IMmioDevice.Write"/> does, for a processor.</summary>
    void Write(Cpu cpu, ulong offset, int size, ulong value);
}
