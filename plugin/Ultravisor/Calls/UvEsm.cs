using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Enter secure mode: the calling guest becomes an SVM. On success the guest goes on at its kernel's base, not after the call.")]
[Answer(UReturn.U_P2, "kbase is 0")]
[Answer(UReturn.U_P3, "fdt is 0")]
[Answer(UReturn.U_PERMISSION, "the caller is in partition 0")]
[Answer(UReturn.U_RETRY, "the partition is an SVM already, or no secure memory is left")]
[Answer(UReturn.U_PARAMETER, "the hypervisor refused a step, or the device tree is none: aborted")]
[Within(nameof(HCall.H_SVM_INIT_START), "first")]
[Within(nameof(HCall.H_SVM_PAGE_IN), "for each page, with flag 1 for those that serve RTAS")]
[Within(nameof(HCall.H_SVM_INIT_DONE), "last")]
[Within(nameof(HCall.H_SVM_INIT_ABORT), "in place of the rest, if a step is refused")]
[Linux("arch/powerpc/kernel/prom_init.c", "enter_secure_mode", "makes it")]
internal sealed class UvEsm : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_ESM;

    public override Caller Caller => Caller.Guest;

    public override string[] Arguments { get; } = ["kbase", "fdt"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (frame[0] == 0)
            return UReturn.U_P2;
        if (frame[1] == 0)
            return UReturn.U_P3;
        if (frame.Lpid == 0)
            return UReturn.U_PERMISSION;
        if (uv.CreateSvm(frame.Lpid) is not { } svm)
            return UReturn.U_RETRY;
        uv.Begin(frame, svm, Number, new EnterSecureMode(frame[0], frame[1]));
        return CallResult.Switched;
    }
}
