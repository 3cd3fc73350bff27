using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// UV_ESM: a normal guest becomes an SVM. Registers its memory (H_SVM_INIT_START), takes its device tree in and edits it, shares pages for RTAS,
/// takes all other pages in, seals it (H_SVM_INIT_DONE) and starts the kernel anew at its base. Any refusal on the way aborts.
/// </summary>
/// <param name="kernelBase">Real address of the kernel.</param>
/// <param name="treeAddress">Real address of the flattened device tree.</param>
internal sealed partial class EnterSecureMode(ulong kernelBase, ulong treeAddress) : Operation
{
    /// <summary>Trees of guests are some 20 KiB; more than this is no tree.</summary>
    private const uint MaximumTree = 2 << 20;

    /// <summary>Pages for RTAS lie below this and below the end of the first memory node: the guest calls RTAS with 32-bit addresses.</summary>
    private const ulong RealModeLimit = 768UL << 20;

    private const uint FdtHeaderSize = 40;
    private const string ReservedRanges = "reserved-ranges";

    private Phase phase = Phase.Begin;
    private FdtTree? tree;
    private uint treeSize;
    private RtasService? rtas;
    private int sharedPages;
    private int slot;
    private int frame;
    private ulong wanted;

    private enum Phase
    {
        Begin,
        Started,
        TakeHeader,
        TakeTree,
        ShareRtas,
        TakeAll,
        Done,
        ShareAgain,
    }

    public override OperationKind Kind => OperationKind.EnterSecureMode;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        Svm svm = context.Svm;
        if (phase is not (Phase.Begin or Phase.ShareAgain) && answer.Result != 0)
            return Step.Abort($"hypervisor answered {UReturn.Text(answer.Result)} in step {phase}" + (wanted != 0 ? $" for guest address 0x{wanted:x}" : ""));
        switch (phase)
        {
            case Phase.Begin:
                phase = Phase.Started;
                return Step.Call(HCall.H_SVM_INIT_START);
            case Phase.Started:
                wanted = treeAddress;
                phase = Phase.TakeHeader;
                goto case Phase.TakeHeader;
            case Phase.TakeHeader:
                if (Request(svm, treeAddress, out Step ask))
                    return ask;
                if (uv.Guest.Access(svm, treeAddress, FdtHeaderSize, out _) != FrameAccess.Ready)
                    return Step.Abort($"device tree at 0x{treeAddress:x} is not in guest memory");
                var header = new byte[FdtHeaderSize];
                uv.Guest.Read(svm, treeAddress, header);
                treeSize = FdtReader.SizeOf(header);
                if (treeSize is < FdtHeaderSize or > MaximumTree)
                    return Step.Abort($"no device tree at 0x{treeAddress:x}");
                phase = Phase.TakeTree;
                goto case Phase.TakeTree;
            case Phase.TakeTree:
                for (; wanted < treeAddress + treeSize; wanted = (wanted | (SecureHeap.FrameSize - 1)) + 1)
                {
                    if (Request(svm, wanted, out ask))
                        return ask;
                }

                if (uv.Guest.Access(svm, treeAddress, treeSize, out _) != FrameAccess.Ready)
                    return Step.Abort($"device tree at 0x{treeAddress:x}, 0x{treeSize:x} bytes, is not in guest memory");
                if (Parse(uv, svm) is { } problem)
                    return Step.Abort(problem);
                wanted = 0;
                phase = Phase.ShareRtas;
                goto case Phase.ShareRtas;
            case Phase.ShareRtas:
                if (sharedPages < rtas!.Pages.Count)
                    return Step.Child(new Share(rtas.Pages[sharedPages++], 1, PageState.SHARED_IMPLICIT));
                phase = Phase.TakeAll;
                goto case Phase.TakeAll;
            case Phase.TakeAll:
                // There is no blob that names what belongs to the guest: take everything, as the firmware's warn-only mode does.
                for (; slot < svm.Slots.Count; slot++, frame = 0)
                {
                    while (frame < svm.Slots[slot].Frames.Length)
                    {
                        ulong gpa = svm.Slots[slot].Gpa + ((ulong)frame++ * SecureHeap.FrameSize);
                        if (svm.Frame(gpa).State == PageState.SECURE && uv.Options.LeftToDone?.Invoke(gpa) != true && Request(svm, gpa, out ask))
                            return ask;
                    }
                }

                wanted = 0;
                phase = Phase.Done;
                return Step.Call(HCall.H_SVM_INIT_DONE);
            case Phase.Done:
                Distrust(uv, svm);
                sharedPages = 0;
                phase = Phase.ShareAgain;
                goto default;
            default:
                // A refusal leaves the page without one of the hypervisor's: its first use asks once more.
                return sharedPages < rtas!.Pages.Count ? Step.Child(new MakeResident(rtas.Pages[sharedPages++])) : Commit(uv, context);
        }
    }

    public override string ToString() => $"{nameof(EnterSecureMode)} {phase}" + (wanted != 0 ? $" 0x{wanted:x}" : "");

    private bool Request(Svm svm, ulong address, out Step step)
    {
        step = default;
        ulong gpa = address & ~(SecureHeap.FrameSize - 1);
        ref GuestFrame record = ref svm.Frame(gpa);
        if (Unsafe.IsNullRef(ref record) || record.Requested)
            return false;
        record.Requested = true;
        wanted = gpa;
        step = Step.Call(HCall.H_SVM_PAGE_IN, gpa, 0, PageCall.Order);
        return true;
    }

    // Reads the tree and chooses the pages for RTAS; returns what is wrong, or null.
    private string? Parse(UltravisorModel uv, Svm svm)
    {
        var blob = new byte[treeSize];
        uv.Guest.Read(svm, treeAddress, blob);
        try
        {
            tree = FdtReader.Read(blob);
            byte[] reg = tree.Root.FindNode("memory@0")?.Get("reg").Value ?? [];
            if (reg.Length < 16)
                return "the device tree has no /memory@0 with a reg of two cells each";
            ulong top = Math.Min(new FdtProperty("size", reg[8..16]).AsTwoCells(), RealModeLimit);
            List<ulong>? pages = ChoosePages(svm, top);
            if (pages is null)
                return $"no room for {RtasService.PageCount} pages below 0x{top:x}";
            rtas = new RtasService(tree.Root.FindNode("rtas"), pages);
            return null;
        }
        catch (FdtException problem)
        {
            return $"device tree at 0x{treeAddress:x}: {problem.Message}";
        }
    }

    // From the top down, clear of what the guest has reserved, of the tree, and of the kernel's first frame.
    private List<ulong>? ChoosePages(Svm svm, ulong top)
    {
        List<FdtReservation> taken =
        [
            .. tree!.Reservations,
            new FdtReservation(treeAddress, treeSize),
            new FdtReservation(kernelBase, SecureHeap.FrameSize),
        ];
        var pages = new List<ulong>();
        for (ulong gpa = top & ~(SecureHeap.FrameSize - 1); gpa >= SecureHeap.FrameSize && pages.Count < RtasService.PageCount;)
        {
            gpa -= SecureHeap.FrameSize;
            bool reserved = taken.Exists(range => gpa < range.Address + range.Size && range.Address < gpa + SecureHeap.FrameSize);
            if (!reserved && svm.FindSlot(gpa) is not null && !svm.Frame(gpa).Requested)
                pages.Add(gpa);
        }

        return pages.Count == RtasService.PageCount ? pages : null;
    }

    // Twice: the reservation map keeps the guest's allocator away, /reserved-ranges the kernel that it may start by kexec (Linux:
    // arch/powerpc/kexec/ranges.c, add_reserved_mem_ranges, looks at nothing else).
    private static void Reserve(FdtTree tree, IReadOnlyList<ulong> pages)
    {
        foreach (ulong page in pages)
            tree.Reservations.Add(new FdtReservation(page, SecureHeap.FrameSize));
        var ranges = new FdtNode("").SetTwoCells(ReservedRanges, [.. pages.SelectMany(page => new[] { page, SecureHeap.FrameSize })]);
        tree.Root.Set(ReservedRanges, [.. tree.Root.Find(ReservedRanges)?.Value ?? [], .. ranges.Get(ReservedRanges).Value]);
    }

    // Linux makes UV_PAGE_INVAL only after H_SVM_INIT_DONE (book3s_64_mmu_radix.c, kvm_unmap_radix). A page that it has given before and then migrated or swapped
    // out holds something else by now, and nobody has told.
    private void Distrust(UltravisorModel uv, Svm svm)
    {
        foreach (ulong page in rtas!.Pages)
        {
            if (!Unsafe.IsNullRef(ref svm.Frame(page)))
                uv.Pages.Invalidate(svm, page);
        }
    }

    private Step Commit(UltravisorModel uv, UvContext context)
    {
        Svm svm = context.Svm;
        Reserve(tree!, rtas!.Pages);
        byte[] blob = FdtWriter.Write(tree!);
        if (blob.Length > treeSize)
            return Step.Kill($"the edited device tree has {blob.Length} bytes and does not fit in the {treeSize} of the guest's");
        svm.Rtas = rtas;
        uv.MakeSecure(svm);

        // Nothing after INIT_DONE touches this frame, but the hypervisor may have paged the tree out meanwhile.
        if (uv.Guest.Access(svm, treeAddress, (ulong)blob.Length, out _) != FrameAccess.Ready)
            return Step.Kill($"the device tree at 0x{treeAddress:x} was taken away");
        uv.Guest.Write(svm, treeAddress, blob);

        // The convention of a kernel entered with a flattened tree (Linux: head_64.S, __start).
        GuestRegisters registers = context.Registers;
        registers.Gpr[3] = treeAddress;
        registers.Gpr[4] = kernelBase;
        registers.Gpr[5] = 0;
        registers.Nia = kernelBase;
        registers.Msr = (registers.Msr | Msr.S) & ~(Msr.HV | Msr.EE);
        return Step.Finished();
    }
}
