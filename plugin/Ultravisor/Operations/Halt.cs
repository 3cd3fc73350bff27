using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// End of a killed SVM's CPU: tells the hypervisor by RTAS os-term, once for each SVM, and cedes for ever after.
/// The guest never runs again; the hypervisor stays in control and may destroy the VM.
/// </summary>
internal sealed class Halt(bool announce) : Operation
{
    private bool announced = !announce;

    public override OperationKind Kind => OperationKind.Halt;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        if (!announced)
        {
            announced = true;
            if (context.Svm.Rtas is { } rtas && rtas.PrepareOsTerm(uv, context) is { } args)
                return Step.Call(HCall.H_RTAS, args);
        }

        return Step.Call(HCall.H_CEDE);
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer) => writer.Write(announced);

    public static Halt Load(SnapshotReader reader) => new(announce: !reader.ReadBool());
}
