using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("The hypervisor gives a guest CPU back after a reflected interrupt or hypercall. Registers: R0 result, R2 SRR1 of the guest, R4-R12 outputs, R31 cookie, HSRR0 and HSRR1 address and MSR.")]
[Answer(UReturn.U_PARAMETER, "no guest CPU belongs to the cookie in R31")]
[Linux("arch/powerpc/kvm/book3s_64_entry.S", "kvmppc_p9_enter_guest", "makes it")]
internal sealed class UvReturn : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_RETURN;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = [];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame) =>
        uv.ReturnToGuest(frame) ? CallResult.Switched : UReturn.U_PARAMETER;
}
