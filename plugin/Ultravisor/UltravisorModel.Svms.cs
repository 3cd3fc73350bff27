using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>Life of SVMs and of their CPUs outside of the guest.</summary>
public sealed unsafe partial class UltravisorModel
{
    private readonly SortedDictionary<ulong, Svm> svms = [];
    private readonly SortedDictionary<ulong, UvContext> contexts = [];
    private readonly Dictionary<uint, StartRequest> startCookies = [];
    private readonly SortedSet<int> freeIndices = [];
    private int indexCount;
    private ulong svmCount;

    /// <summary>SVMs in order of LPID.</summary>
    public IEnumerable<Svm> Svms => svms.Values;

    /// <summary>Guest CPUs that are out of their guests.</summary>
    internal IEnumerable<UvContext> Contexts => contexts.Values;

    /// <summary>The SVM of a partition, or null.</summary>
    public Svm? FindSvm(ulong lpid) => svms.GetValueOrDefault(lpid);

    /// <summary>Guest CPUs that the hypervisor holds.</summary>
    internal int ParkedCount => contexts.Count;

    /// <summary>CPUs that RTAS start-cpu asked for and that have not come.</summary>
    internal int StartCookieCount => startCookies.Count;

    /// <summary>Makes a partition an SVM in state Starting; null if it is one or secure memory is full.</summary>
    internal Svm? CreateSvm(ulong lpid)
    {
        if (lpid >= PartitionTable.Count || svms.ContainsKey(lpid) || !HasRoomForCpu || !Heap.Charge(0, RadixTree.RootBytes))
            return null;
        var tree = new RadixTree(Heap);
        if (tree.Root == 0)
            return null;
        var svm = new Svm(lpid, tree, new PageCrypto(random.Key, ++svmCount));
        svms[lpid] = svm;
        RecordLifeCycle(Occasion.SvmStart, lpid, "SVM starting");
        return svm;
    }

    /// <summary>UV_ESM is complete: the partition table entry points to the ultravisor's tree.</summary>
    internal void MakeSecure(Svm svm)
    {
        PartitionTable[svm.Lpid] = (svm.Tree.Pate0, PartitionTable[svm.Lpid].Dw1);
        FlushTranslations(svm.Lpid);
        svm.State = SvmState.Secure;
        RecordLifeCycle(Occasion.SvmSecure, svm.Lpid, "SVM secure");
    }

    /// <summary>Frees an SVM and forgets its CPUs.</summary>
    internal void Terminate(Svm svm)
    {
        foreach (UvContext context in contexts.Values.Where(context => context.Svm == svm).ToArray())
        {
            contexts.Remove(context.Cookie);
            Release(context);
        }

        foreach (IThread thread in threadList)
        {
            if ((thread.State->Msr & (Msr.S | Msr.HV)) == Msr.S && thread.State->Spr[SprNumber.LPIDR] == svm.Lpid)
                Evict(thread);
        }

        foreach (uint cookie in startCookies.Where(entry => entry.Value.Svm == svm).Select(entry => entry.Key).ToArray())
            startCookies.Remove(cookie);
        foreach (MemorySlot slot in svm.Slots.ToArray())
        {
            svm.Remove(slot);
            Pages.Release(svm, slot);
        }

        // Before UV_ESM ended, the entry is still the hypervisor's own.
        if (PartitionTable[svm.Lpid].Dw0 == svm.Tree.Pate0)
            PartitionTable[svm.Lpid] = (0, 0);
        svms.Remove(svm.Lpid);
        svm.Dispose();
        FlushTranslations(svm.Lpid);
        RecordLifeCycle(Occasion.SvmTerminate, svm.Lpid, "SVM terminated");
    }

    /// <summary>A 32-bit number that stands for the argument of a CPU to be started.</summary>
    internal uint IssueStartCookie(Svm svm, ulong address, ulong argument)
    {
        uint cookie;
        do
            cookie = (uint)random.Next();
        while (cookie < 0x1000 || startCookies.ContainsKey(cookie));
        startCookies[cookie] = new StartRequest(svm, address, argument);
        return cookie;
    }

    /// <summary>
    /// Whether a guest CPU more may exist: those that the hypervisor holds, that run, and that were asked for are counted. Each has memory of ours and an
    /// argument block on the page for RTAS.
    /// </summary>
    internal bool HasRoomForCpu => contexts.Count + threadList.Count + startCookies.Count < RtasService.MaximumCpus;

    /// <summary>RTAS start-cpu failed: nobody will come with this cookie.</summary>
    internal void DropStartCookie(uint cookie) => startCookies.Remove(cookie);

    private UvContext NewContext(Svm svm)
    {
        int index = freeIndices.Count > 0 ? freeIndices.Min : indexCount++;
        freeIndices.Remove(index);
        return new UvContext(svm, index);
    }

    private void Release(UvContext context)
    {
        context.Svm.Rtas?.FreeBuffers(context);
        freeIndices.Add(context.Index);
    }

    // Cookies look like guest addresses to nobody: below 2^52, above the vectors, word aligned.
    private ulong NewCookie()
    {
        ulong cookie;
        do
            cookie = random.Next() & 0x000FFFFFFFFFFFFC;
        while (cookie < 0x2000 || contexts.ContainsKey(cookie));
        return cookie;
    }

    private void Kill(UvContext context, string reason)
    {
        bool first = context.Svm.State != SvmState.Dead;
        context.Svm.State = SvmState.Dead;
        context.Operations.Clear();
        context.PendingCall = null;
        context.Operations.Push(new Halt(announce: first));
        if (first)
            RecordLifeCycle(Occasion.SvmKill, context.Svm.Lpid, $"SVM killed: {reason}");
    }

    private readonly record struct StartRequest(Svm Svm, ulong Address, ulong Argument);
}
