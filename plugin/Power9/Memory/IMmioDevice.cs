namespace RenodeUvmem.Power9.Memory;

/// <summary>A device on the bus. Values are numbers; the CPU has already undone its byte order, so a device with little-endian registers sees them as such.</summary>
public interface IMmioDevice
{
    /// <summary>Reads <paramref name="size"/> (1, 2, 4, 8) bytes at <paramref name="offset"/>, little-endian register order.</summary>
    ulong Read(ulong offset, int size);

    /// <summary>Writes.</summary>
    void Write(ulong offset, int size, ulong value);
}
