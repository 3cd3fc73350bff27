using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Writes a SCOM register.")]
[Answer(UReturn.U_PARAMETER, "the chip has no such register, or it is read-only")]
internal sealed class UvWriteScom : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_WRITE_SCOM;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["chip", "address", "value"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame) =>
        uv.Scom is not null && uv.Scom.TryWrite(frame[0], frame[1], frame[2]) ? UReturn.U_SUCCESS : UReturn.U_PARAMETER;
}
