using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Gets a page for a frame from the hypervisor: back from PAGEDOUT, or a new one for a shared frame. Result 0 or the hypervisor's code.</summary>
internal sealed class MakeResident(ulong gpa) : Operation
{
    private const int Attempts = 4;

    private int attempt;

    public override OperationKind Kind => OperationKind.MakeResident;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        ref GuestFrame frame = ref context.Svm.Frame(gpa);
        if (Unsafe.IsNullRef(ref frame))
            return Step.Finished(UReturn.U_P2);
        bool paged = frame.State == PageState.PAGEDOUT;
        bool invalid = frame.State is PageState.SHARED_INV or PageState.SHARED_IMPLICIT_INV;
        if (!paged && !invalid)
            return Step.Finished();
        if (attempt > 0 && answer.Result != 0)
            return Step.Finished(answer.Result);
        return ++attempt > Attempts
            ? Step.Finished(UReturn.U_RETRY)
            : Step.Call(HCall.H_SVM_PAGE_IN, gpa, invalid ? PageCall.Shared : 0, PageCall.Order);
    }

    public override string ToString() => $"{nameof(MakeResident)} 0x{gpa:x}";

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Write(gpa);
        writer.Write(attempt);
    }

    public static MakeResident Load(SnapshotReader reader) => new(reader.ReadUInt64()) { attempt = reader.ReadInt32() };
}
