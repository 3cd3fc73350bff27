using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Writes an SPR that only ultravisor state may write.")]
[Answer(UReturn.U_PARAMETER, "spr is none of DAWR0, DAWRX0, CIABR, LDBAR, IMC")]
internal sealed unsafe class UvRestrictedSprWrite : UltraCallHandler
{
    private static readonly int[] Writable = [SprNumber.DAWR0, SprNumber.DAWRX0, SprNumber.CIABR, SprNumber.LDBAR, SprNumber.IMC];

    public override UltraCall Number => UltraCall.UV_RESTRICTED_SPR_WRITE;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["spr", "value"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (frame[0] > int.MaxValue || !Writable.Contains((int)frame[0]))
            return UReturn.U_PARAMETER;
        frame.Thread.State->Spr[frame[0]] = frame[1];
        frame.Thread.FollowSprs();
        return UReturn.U_SUCCESS;
    }
}
