namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Registers behind the chip's scan communication bus, for UV_READ_SCOM and UV_WRITE_SCOM.</summary>
public interface IScomBus
{
    /// <summary>Reads a register of a chip; false if there is none.</summary>
    bool TryRead(ulong chip, ulong address, out ulong value);

    /// <summary>Writes a register of a chip; false if there is none.</summary>
    bool TryWrite(ulong chip, ulong address, ulong value);
}
