using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>
/// The hypervisor gives a guest CPU back after a reflected interrupt or hypercall. Registers are not arguments in the usual way:
/// R0 result, R2 SRR1 of the guest, R4-R12 outputs, R31 cookie, HSRR0/1 address and MSR.
/// </summary>
internal sealed class UvReturn : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_RETURN;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = [];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame) =>
        uv.ReturnToGuest(frame) ? CallResult.Switched : UReturn.U_PARAMETER;
}
