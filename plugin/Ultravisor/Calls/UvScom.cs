using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Registers behind the chip's scan communication bus, for UV_READ_SCOM and UV_WRITE_SCOM.</summary>
public interface IScomBus
{
    /// <summary>Reads a register of a chip; false if there is none.</summary>
    bool TryRead(ulong chip, ulong address, out ulong value);

    /// <summary>Writes a register of a chip; false if there is none.</summary>
    bool TryWrite(ulong chip, ulong address, ulong value);
}

/// <summary>Reads a SCOM register; value in R4.</summary>
internal sealed class UvReadScom : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_READ_SCOM;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["chip", "address"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (uv.Scom is null || !uv.Scom.TryRead(frame[0], frame[1], out ulong value))
            return UReturn.U_PARAMETER;
        frame.Output(4, value);
        return UReturn.U_SUCCESS;
    }
}

/// <summary>Writes a SCOM register.</summary>
internal sealed class UvWriteScom : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_WRITE_SCOM;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["chip", "address", "value"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame) =>
        uv.Scom is not null && uv.Scom.TryWrite(frame[0], frame[1], frame[2]) ? UReturn.U_SUCCESS : UReturn.U_PARAMETER;
}
