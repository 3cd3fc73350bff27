using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Reads a SCOM register; value in R4.")]
[Answer(UReturn.U_PARAMETER, "the chip has no such register")]
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
