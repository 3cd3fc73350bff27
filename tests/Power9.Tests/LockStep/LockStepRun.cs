using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>One boot of the peer, followed in windows.</summary>
internal static class LockStepRun
{
    private const int PageSize = 0x1000;

    /// <summary>Follows the windows, which come in that order.</summary>
    /// <param name="images">What is booted.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="hash">Whether the kernel uses the hashed page table.</param>
    /// <param name="progress">Gets a line for each step.</param>
    public static List<WindowResult> Follow(PeerImages images, IReadOnlyList<LockStepWindow> windows, bool hash, Action<string> progress)
    {
        var results = new List<WindowResult>();
        using var peer = new Peer(images, hash);
        using var replica = new Replica();
        foreach (LockStepWindow window in windows)
        {
            if (window.Addresses.Length > 0)
                peer.RunTo(window.Name, window.Addresses);
            var clock = Stopwatch.StartNew();
            WindowResult result = Follow(peer, replica, window);
            results.Add(result);
            progress(string.Create(CultureInfo.InvariantCulture, $"lock-step: {window.Name}: {result.Instructions} instructions, {result[DivergenceClass.Unexplained]} divergences without explanation, {clock.Elapsed.TotalSeconds:F0} s"));
            foreach (string description in result.Descriptions)
                progress($"lock-step:   {description}");
        }

        return results;
    }

    private static WindowResult Follow(Peer peer, Replica replica, LockStepWindow window)
    {
        var result = new WindowResult(window.Name);
        peer.FindOrder();
        replica.Load(peer);
        Task stopping = Task.CompletedTask;
        using (ExecutionLog log = peer.StartLogging())
        {
            new Follower(replica, result).Follow(log, window.Instructions, window.Types ? peer.Type : () => { }, () => stopping = Task.Run(peer.StopLogging), () =>
            {
                stopping.Wait();
                peer.FindOrder();
                return Final(peer, replica);
            });
        }

        stopping.Wait();
        CompareSprs(peer, replica, result);
        CompareVectors(peer, replica, result);
        CompareSegments(peer, replica, result);
        CompareMemory(replica, result);
        return result;
    }

    // The registers at the log's end, as the log would have told them. What the stub does not know is taken from the replica, for it is compared by nobody.
    private static RegisterSet Final(Peer peer, Replica replica)
    {
        var set = new RegisterSet();
        replica.Registers().Values.CopyTo(set.Values, 0);
        for (int k = 0; k < 32; k++)
        {
            set[Field.Gpr0 + k] = (ulong)peer.Read($"r{k}");
            set[Field.Fpr0 + k] = (ulong)peer.Read($"f{k}");
        }

        set[Field.NIA] = (ulong)peer.Read("pc");
        set[Field.MSR] = (ulong)peer.Read("msr");
        set[Field.CR] = (ulong)peer.Read("cr");
        set[Field.XER] = (ulong)peer.Read("xer");
        set[Field.LR] = (ulong)peer.Read("lr");
        set[Field.CTR] = (ulong)peer.Read("ctr");
        return set;
    }

    private static void CompareSprs(Peer peer, Replica replica, WindowResult result)
    {
        foreach ((string name, int number) in PeerSprs.State)
        {
            ulong there = (ulong)peer.Read(name);
            ulong here = replica.Cpu.ReadSpr(number);
            if (here == there)
                continue;
            if (Deviations.AtTheEnd(number, here, there) is { } reason)
                result.Count(reason.Class, reason.Text);
            else
                result.Unexplained($"SPR {name} at the end is 0x{here:x}, in QEMU 0x{there:x}");
        }
    }

    private static unsafe void CompareVectors(Peer peer, Replica replica, WindowResult result)
    {
        CpuState* s = replica.Cpu.State;
        for (int k = 0; k < 64; k++)
        {
            UInt128 there = k < 32 ? (peer.Read($"f{k}") << 64) | peer.Read($"vs{k}h") : peer.Read($"vr{k - 32}");
            UInt128 here = new(s->Vsr[(2 * k) + 1], s->Vsr[2 * k]);
            if (here != there)
                result.Unexplained($"VSR {k} at the end is 0x{here:x32}, in QEMU 0x{there:x32}");
        }

        if (s->Vscr != (uint)peer.Read("vscr"))
            result.Unexplained($"VSCR at the end is 0x{s->Vscr:x}, in QEMU 0x{(uint)peer.Read("vscr"):x}");
    }

    private static void CompareSegments(Peer peer, Replica replica, WindowResult result)
    {
        Dictionary<int, (ulong Esid, ulong Vsid)> there = peer.Segments().ToDictionary(one => one.Index, one => (one.Esid, one.Vsid));
        for (int k = 0; k < Slb.Count; k++)
        {
            const ulong Valid = 1UL << 27;
            (ulong Esid, ulong Vsid) own = (replica.Cpu.Slb.Esid((ulong)k), replica.Cpu.Slb.Vsid((ulong)k));
            (ulong Esid, ulong Vsid) other = there.GetValueOrDefault(k);
            if (((own.Esid | other.Esid) & Valid) != 0 && own != other)
                result.Unexplained($"SLB entry {k} at the end is 0x{own.Esid:x} 0x{own.Vsid:x}, in QEMU 0x{other.Esid:x} 0x{other.Vsid:x}");
        }
    }

    private static void CompareMemory(Replica replica, WindowResult result)
    {
        long changed = 0;
        int length = replica.Ram.Length;
        for (int at = 0; at < length; at += PageSize)
        {
            ReadOnlySpan<byte> here = replica.Ram.Slice(at, PageSize);
            ReadOnlySpan<byte> before = replica.RamBefore.Slice(at, PageSize);
            ReadOnlySpan<byte> there = replica.PeerRam.Slice(at, PageSize);
            if (!here.SequenceEqual(before))
                changed++;
            if (here.SequenceEqual(there))
                continue;
            if (replica.DeviceWrittenPages.Contains(at))
                result.Count(DivergenceClass.DeviceWrite, "RAM at the end: a page that a device was seen to write to");
            else
                CompareWords(at, here, there, before, replica.DeviceWrittenPages.Count > 0, result);
        }

        result.Memory = (length, changed);
    }

    private static void CompareWords(int page, ReadOnlySpan<byte> here, ReadOnlySpan<byte> there, ReadOnlySpan<byte> before, bool events, WindowResult result)
    {
        for (int at = 0; at < PageSize; at += sizeof(ulong))
        {
            ulong own = BinaryPrimitives.ReadUInt64BigEndian(here[at..]);
            ulong other = BinaryPrimitives.ReadUInt64BigEndian(there[at..]);
            if (own == other)
                continue;
            if (events && Deviations.IsQueueProgress(own, other))
                result.Count(DivergenceClass.DeviceWrite, "RAM at the end: how far the interrupt controller is in a queue, in its own table");
            else
                result.Unexplained($"RAM at 0x{page + at:x} at the end is 0x{own:x16}, in QEMU 0x{other:x16}, it was 0x{BinaryPrimitives.ReadUInt64BigEndian(before[at..]):x16} (big-endian)");
        }
    }
}
