using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Reads an SPR that only ultravisor state may read; value in R5.")]
[Answer(UReturn.U_PARAMETER, "spr is none of DAWR0, DAWRX0, CIABR")]
internal sealed unsafe class UvRestrictedSprRead : UltraCallHandler
{
    private static readonly int[] Readable = [SprNumber.DAWR0, SprNumber.DAWRX0, SprNumber.CIABR];

    public override UltraCall Number => UltraCall.UV_RESTRICTED_SPR_READ;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["spr"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (frame[0] > int.MaxValue || !Readable.Contains((int)frame[0]))
            return UReturn.U_PARAMETER;
        frame.Output(5, frame.Thread.State->Spr[frame[0]]);
        return UReturn.U_SUCCESS;
    }
}
