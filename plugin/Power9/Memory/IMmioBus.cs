namespace RenodeUvmem.Power9.Memory;

/// <summary>A host's bus, asked for real addresses that are neither RAM nor a device of the emulator.</summary>
public interface IMmioBus : IMmioDevice
{
    /// <summary>Whether a device is at a real address.</summary>
    bool Answers(ulong real);
}
