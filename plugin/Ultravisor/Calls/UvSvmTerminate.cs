using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>The hypervisor ends an SVM. A partition that is none is no error: Linux calls it for each VM that tried.</summary>
internal sealed class UvSvmTerminate : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_SVM_TERMINATE;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        if (uv.FindSvm(frame[0]) is { } svm)
            uv.Terminate(svm);
        return UReturn.U_SUCCESS;
    }
}
