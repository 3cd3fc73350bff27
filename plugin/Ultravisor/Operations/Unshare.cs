using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Takes shared frames back: asks the hypervisor to forget each, then gives the guest zeroed secure memory. A refusal leaves that frame
/// and the ones behind it shared. Result 0 or U_P2.
/// </summary>
/// <param name="frames">Frames in state SHARED or SHARED_INV.</param>
internal sealed class Unshare(IReadOnlyList<ulong> frames) : Operation
{
    private readonly IReadOnlyList<ulong> frames = frames;
    private readonly List<ulong> agreed = [];
    private int next;
    private bool asked;
    private long result;

    public override OperationKind Kind => OperationKind.Unshare;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        Svm svm = context.Svm;
        if (asked)
        {
            asked = false;
            if (!Answered(uv, svm, frames[next - 1], answer.Result == 0))
                result = UReturn.U_P2;
        }

        while (result == UReturn.U_SUCCESS && next < frames.Count)
        {
            ulong gpa = frames[next++];
            ref GuestFrame frame = ref svm.Frame(gpa);
            if (Unsafe.IsNullRef(ref frame) || frame.State is not (PageState.SHARED or PageState.SHARED_INV))
            {
                // Another CPU of the guest works on the same frame.
                result = UReturn.U_P2;
                break;
            }

            // The hypervisor frees its page while it answers, so the guest loses it now.
            if (svm.Tree.Unmap(gpa))
                uv.FlushTranslations(svm.Lpid);
            uv.Pages.SetState(svm, gpa, ref frame, PageState.HV_UNSHARING);
            asked = true;
            return Step.Call(HCall.H_SVM_PAGE_IN, gpa, 0, PageCall.Order);
        }

        foreach (ulong gpa in agreed)
        {
            // The hypervisor can replace a slot meanwhile.
            if (!Unsafe.IsNullRef(ref svm.Frame(gpa)) && svm.Frame(gpa).State == PageState.HV_UNSHARED)
                uv.Pages.CommitUnshare(svm, gpa);
            else
                result = UReturn.U_P2;
        }

        return Step.Finished(result);
    }

    public override string ToString() => $"{nameof(Unshare)} {next} of {frames.Count}" + (asked ? $" 0x{frames[next - 1]:x}" : "");

    private bool Answered(UltravisorModel uv, Svm svm, ulong gpa, bool success)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        if (Unsafe.IsNullRef(ref frame) || frame.State is not (PageState.HV_UNSHARING or PageState.HV_UNSHARING_INV))
            return false;
        if (success)
        {
            uv.Pages.SetState(svm, gpa, ref frame, PageState.HV_UNSHARED);
            agreed.Add(gpa);
            return true;
        }

        bool kept = frame.Normal != 0 && svm.Tree.Map(gpa, frame.Normal);
        if (!kept)
            frame.Normal = 0;
        uv.Pages.SetState(svm, gpa, ref frame, kept ? PageState.SHARED : PageState.SHARED_INV);
        return false;
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        OperationSnapshot.Write(writer, frames);
        OperationSnapshot.Write(writer, agreed);
        writer.Write(next);
        writer.Write(asked);
        writer.Write(result);
    }

    public static Unshare Load(SnapshotReader reader)
    {
        var unshare = new Unshare(OperationSnapshot.ReadAddresses(reader));
        unshare.agreed.AddRange(OperationSnapshot.ReadAddresses(reader));
        unshare.next = reader.ReadInt32();
        unshare.asked = reader.ReadBool();
        unshare.result = reader.ReadInt64();
        bool good = unshare.next >= (unshare.asked ? 1 : 0) && unshare.next <= unshare.frames.Count;
        return good ? unshare : throw reader.Problem($"there is no frame {unshare.next} of {unshare.frames.Count}");
    }
}
