using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Enter secure mode: the calling guest becomes an SVM. On success the guest goes on at its kernel's base, not after the call.</summary>
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
