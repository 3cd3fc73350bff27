using System.Buffers.Binary;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>The ultravisor's books agree: page states, page tables as they stand in memory, and what the allocator says.</summary>
internal static unsafe class Consistency
{
    private const ulong Frame = SecureHeap.FrameSize;
    private const ulong SealSize = 32;

    // Radix tree of an SVM (ISA 3.0B Book III 5.7.6): index bits of the four levels over 64 KiB pages.
    private static readonly int[] Levels = [13, 9, 9, 5];

    public static void Check(UltravisorModel uv, ulong secureBase, ulong secureSize)
    {
        var owned = new Dictionary<ulong, ulong>();
        Own(owned, uv.PartitionTable.Base, Frame);
        ulong promised = 0;
        foreach (Svm svm in uv.Svms)
        {
            var mapped = new Dictionary<ulong, ulong>();
            foreach ((ulong gpa, ulong real) in Leaves(uv, svm, owned))
                mapped[gpa] = real;
            foreach (MemorySlot slot in svm.Slots)
            {
                promised += slot.Charge;
                for (int index = 0; index < slot.Frames.Length; index++)
                {
                    ulong gpa = slot.Gpa + ((ulong)index * Frame);
                    mapped.Remove(gpa, out ulong real);
                    GuestFrame frame = slot.Frames[index];
                    CheckFrame(svm, gpa, frame, real);
                    if (frame.Secure != 0)
                    {
                        Own(owned, frame.Secure, Frame);
                        promised -= Frame;
                    }

                    if (frame.Seal != 0)
                        Own(owned, frame.Seal, SealSize);
                }
            }

            if (mapped.Count > 0)
                throw Broken($"LPID {svm.Lpid} has 0x{mapped.First().Key:x} mapped, which no slot holds");
            if (svm.State == SvmState.Secure && uv.PartitionTable[svm.Lpid].Dw0 != svm.Tree.Pate0)
                throw Broken($"LPID {svm.Lpid} has partition table entry 0x{uv.PartitionTable[svm.Lpid].Dw0:x}, not its tree's 0x{svm.Tree.Pate0:x}");
        }

        ulong inUse = 0;
        ulong end = 0;
        foreach ((ulong real, ulong size) in owned.OrderBy(block => block.Key))
        {
            if (real < secureBase || real + size > secureBase + secureSize || real < end)
                throw Broken($"the block of 0x{size:x} bytes at 0x{real:x} overlaps another or is not in secure memory");
            end = real + size;
            inUse += size;
        }

        if (uv.Heap.Unallocated != secureSize - inUse)
            throw Broken($"0x{inUse:x} bytes are in use, but the allocator has 0x{uv.Heap.Unallocated:x} of 0x{secureSize:x} left");
        if (!uv.Heap.Overcommit && uv.Heap.Promised != promised)
            throw Broken($"slots have a promise of 0x{promised:x} bytes, but the allocator says 0x{uv.Heap.Promised:x}");
        if (uv.Heap.Promised > uv.Heap.FreeFrames * Frame)
            throw Broken($"0x{uv.Heap.Promised:x} bytes are promised and only {uv.Heap.FreeFrames} frames left");
    }

    /// <summary>Guest frames and real pages of an SVM's tree as it stands in memory; its tables are noted as owned.</summary>
    public static List<(ulong Gpa, ulong Real)> Leaves(UltravisorModel uv, Svm svm, Dictionary<ulong, ulong> owned)
    {
        var leaves = new List<(ulong, ulong)>();
        Walk(svm.Tree.Root, 0, 0);
        return leaves;

        void Walk(ulong table, int level, ulong address)
        {
            ulong entries = 1UL << Levels[level];
            Own(owned, table, entries * 8);
            int shift = 16;
            for (int below = level + 1; below < Levels.Length; below++)
                shift += Levels[below];
            ulong* at = (ulong*)uv.Controller.SecurePointer(table, entries * 8);
            if (at == null)
                throw Broken($"LPID {svm.Lpid} has a page table at 0x{table:x}, which is not secure memory");
            for (ulong n = 0; n < entries; n++)
            {
                if (at[n] == 0)
                    continue;
                ulong entry = BinaryPrimitives.ReverseEndianness(at[n]);
                ulong gpa = address | (n << shift);
                if (level == Levels.Length - 1)
                    leaves.Add((gpa, entry & RadixFormat.RealPage & ~(Frame - 1)));
                else
                    Walk(entry & RadixFormat.NextBase, level + 1, gpa);
            }
        }
    }

    // A frame has what its state says and nothing else.
    private static void CheckFrame(Svm svm, ulong gpa, in GuestFrame frame, ulong mapped)
    {
        bool right = frame.State switch
        {
            PageState.SECURE or PageState.HV_SHARING => frame is { Normal: 0, Seal: 0 } && (mapped == 0 || mapped == frame.Secure),
            PageState.PAGEDOUT => frame is { Normal: 0, Secure: 0 } && frame.Seal != 0 && mapped == 0,
            PageState.SHARED => frame is { Secure: 0, Seal: 0 } && frame.Normal != 0 && mapped == frame.Normal,
            PageState.SHARED_INV or PageState.SHARED_IMPLICIT_INV => frame is { Secure: 0, Seal: 0, Normal: 0 } && mapped == 0,
            PageState.SHARED_IMPLICIT => frame is { Secure: 0, Seal: 0 } && frame.Normal != 0 && mapped == 0,
            PageState.HV_SHARED => frame.Normal != 0 && frame.Seal == 0 && (mapped == 0 || mapped == frame.Secure),
            PageState.HV_SHARED_INV => frame is { Normal: 0, Seal: 0 } && (mapped == 0 || mapped == frame.Secure),
            PageState.HV_UNSHARING or PageState.HV_UNSHARING_INV or PageState.HV_UNSHARED => frame.Seal == 0 && (mapped == 0 || mapped == frame.Secure),
            _ => frame.Seal == 0,
        };
        if (!right)
        {
            throw Broken($"LPID {svm.Lpid} ({svm.State}) frame 0x{gpa:x} is {frame.State} with secure page 0x{frame.Secure:x}, "
                + $"normal page 0x{frame.Normal:x}, seal 0x{frame.Seal:x}, mapped to 0x{mapped:x}");
        }
    }

    private static void Own(Dictionary<ulong, ulong> owned, ulong real, ulong size)
    {
        if (!owned.TryAdd(real, size))
            throw Broken($"the block at 0x{real:x} has two owners");
    }

    private static BrokenPropertyException Broken(string what) => new("consistency", what);
}
