using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Shares frames with the hypervisor, all or none: asks for a page for each in order, then zeroes and maps them all.
/// A refusal hands the pages that were given back and leaves the frames as they were. Result 0 or U_P2.
/// </summary>
/// <param name="first">Address of the first frame.</param>
/// <param name="count">Number of frames.</param>
/// <param name="target">SHARED for the guest, SHARED_IMPLICIT for the ultravisor's own pages.</param>
internal sealed class Share(ulong first, ulong count, PageState target) : Operation
{
    private readonly List<ulong> given = [];
    private Phase phase = Phase.Next;
    private ulong done;
    private ulong gpa;

    private enum Phase
    {
        Next,
        PagingIn,
        Asked,
        Reverting,
    }

    public override OperationKind Kind => OperationKind.Share;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        Svm svm = context.Svm;
        while (true)
        {
            switch (phase)
            {
                case Phase.Next:
                    if (done == count)
                        return Commit(uv, svm);
                    gpa = first + (done++ * SecureHeap.FrameSize);
                    goto case Phase.PagingIn;
                case Phase.PagingIn:
                    ref GuestFrame frame = ref svm.Frame(gpa);
                    if (Unsafe.IsNullRef(ref frame) || PageManager.IsTransient(frame.State) || (phase == Phase.PagingIn && answer.Result != 0))
                        return Revert(uv, svm);
                    phase = Phase.Next;
                    if (PageManager.IsShared(frame.State))
                        break;
                    if (frame.State == PageState.PAGEDOUT)
                    {
                        phase = Phase.PagingIn;
                        return Step.Child(new MakeResident(gpa));
                    }

                    uv.Pages.SetState(svm, gpa, ref frame, PageState.HV_SHARING);
                    phase = Phase.Asked;
                    return Step.Call(HCall.H_SVM_PAGE_IN, gpa, PageCall.Shared, PageCall.Order);
                case Phase.Asked:
                    ref GuestFrame asked = ref svm.Frame(gpa);
                    if (Unsafe.IsNullRef(ref asked))
                        return Revert(uv, svm);
                    if (answer.Result != 0 || !IsGiven(asked.State))
                    {
                        // Success without a page is a refusal too. The secure content is still there.
                        if (IsGiven(asked.State) || asked.State == PageState.HV_SHARING)
                            uv.Pages.Abandon(svm, gpa, ref asked);
                        return Revert(uv, svm);
                    }

                    given.Add(gpa);
                    phase = Phase.Next;
                    break;
                default:
                    Restore(uv, svm);
                    return Revert(uv, svm);
            }
        }
    }

    public override string ToString() => $"{nameof(Share)} {phase} 0x{gpa:x} ({done} of {count})";

    // The hypervisor can replace a slot while an operation waits for it: the frame is then a new one, in whatever state.
    private static bool IsGiven(PageState state) => state is PageState.HV_SHARED or PageState.HV_SHARED_INV;

    private static bool IsGiven(Svm svm, ulong frame) => !Unsafe.IsNullRef(ref svm.Frame(frame)) && IsGiven(svm.Frame(frame).State);

    private Step Commit(UltravisorModel uv, Svm svm)
    {
        if (!given.TrueForAll(frame => IsGiven(svm, frame)))
            return Revert(uv, svm);
        foreach (ulong frame in given)
            uv.Pages.CommitShare(svm, frame, target);

        if (given.Count > 0)
            uv.FlushTranslations(svm.Lpid);
        return Step.Finished();
    }

    // Hands back the next given page: the hypervisor sees an unshare (Linux: kvmppc_h_svm_page_in without H_PAGE_IN_SHARED).
    private Step Revert(UltravisorModel uv, Svm svm)
    {
        phase = Phase.Reverting;
        while (given.Count > 0)
        {
            gpa = given[0];
            given.RemoveAt(0);
            if (!IsGiven(svm, gpa))
                continue;
            uv.Pages.SetState(svm, gpa, ref svm.Frame(gpa), PageState.HV_UNSHARING);
            return Step.Call(HCall.H_SVM_PAGE_IN, gpa, 0, PageCall.Order);
        }

        return Step.Finished(UReturn.U_P2);
    }

    // Whatever the hypervisor answered: its page was never mapped, the secure content was never dropped.
    private void Restore(UltravisorModel uv, Svm svm)
    {
        ref GuestFrame frame = ref svm.Frame(gpa);
        if (!Unsafe.IsNullRef(ref frame) && frame.State is PageState.HV_UNSHARING or PageState.HV_UNSHARING_INV)
            uv.Pages.Abandon(svm, gpa, ref frame);
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Write(first);
        writer.Write(count);
        writer.Write((long)target);
        OperationSnapshot.Write(writer, given);
        writer.Write((long)phase);
        writer.Write(done);
        writer.Write(gpa);
    }

    public static Share Load(SnapshotReader reader)
    {
        var share = new Share(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadEnum<PageState>());
        share.given.AddRange(OperationSnapshot.ReadAddresses(reader));
        share.phase = reader.ReadEnum<Phase>();
        share.done = reader.ReadUInt64();
        share.gpa = reader.ReadUInt64();
        return share;
    }
}
