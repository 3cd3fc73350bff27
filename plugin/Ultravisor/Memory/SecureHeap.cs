using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Ultravisor.Memory;

/// <summary>
/// Hands out zeroed secure memory: guest frames of 64 KiB, page tables and seal records. Deterministic: lowest address first, freed blocks
/// last in first out. Guest memory is charged when its slot is registered and taken when a frame is first needed.
/// </summary>
public sealed unsafe partial class SecureHeap
{
    /// <summary>Bytes of a guest frame; the ultracall interface fixes 64 KiB pages.</summary>
    public const ulong FrameSize = 0x10000;

    /// <summary>Unit in which slots are charged.</summary>
    public const ulong ChargeUnit = 2UL << 20;

    // Blocks smaller than a frame are split off the next larger size: seals, leaf tables, upper tables.
    private const ulong SmallBlock = 256;
    private const ulong LargeBlock = 4096;

    private readonly SecureMemoryController controller;
    private readonly RamRange[] ranges;
    private readonly Dictionary<ulong, Stack<ulong>> free = [];
    private int range;
    private ulong next;

    /// <summary>Uses all secure ranges of the controller.</summary>
    public SecureHeap(SecureMemoryController controller)
    {
        this.controller = controller;
        ranges = [.. controller.Ranges];
        next = ranges.Length > 0 ? ranges[0].Base : 0;
        Unallocated = controller.Size;
    }

    /// <summary>If set, slots are charged nothing: registration succeeds beyond the size of secure memory, and page-in fails when it is full.</summary>
    public bool Overcommit { get; set; }

    /// <summary>Bytes never or no longer allocated.</summary>
    public ulong Unallocated { get; private set; }

    /// <summary>Bytes promised to slots and not yet taken.</summary>
    public ulong Promised { get; private set; }

    /// <summary>Frames that are free as a whole.</summary>
    public ulong FreeFrames
    {
        get
        {
            ulong frames = (ulong)Blocks(FrameSize).Count;
            for (int n = range; n < ranges.Length; n++)
                frames += (ranges[n].Size - (n == range ? next - ranges[n].Base : 0)) / FrameSize;
            return frames;
        }
    }

    /// <summary>Promises bytes to a slot, beside what its page tables take now and the seals of all that is promised may take later; false if there is not so much.</summary>
    public bool Charge(ulong bytes, ulong tables = 0)
    {
        if (Overcommit)
            return true;
        ulong total = Promised + bytes;
        if (total < bytes || total / FrameSize > FreeFrames)
            return false;

        // What is left over of split blocks is less than one of the larger ones.
        ulong small = tables + (total / FrameSize * PageCrypto.SealSize) + (2 * LargeBlock);
        if ((small + FrameSize - 1) / FrameSize > FreeFrames - (total / FrameSize))
            return false;
        Promised = total;
        return true;
    }

    /// <summary>Takes a promise back.</summary>
    public void Discharge(ulong bytes)
    {
        if (!Overcommit)
            Promised -= bytes;
    }

    /// <summary>A zeroed guest frame out of a slot's promise; 0 if secure memory is full.</summary>
    public ulong TakeFrame()
    {
        ulong real = Allocate(FrameSize);
        if (real != 0)
            Discharge(FrameSize);
        return real;
    }

    /// <summary>Gives a guest frame back to its slot's promise.</summary>
    public void ReturnFrame(ulong real)
    {
        Free(real, FrameSize);
        if (!Overcommit)
            Promised += FrameSize;
    }

    /// <summary>A zeroed naturally aligned block of 32 bytes to 64 KiB, a power of two; 0 if secure memory is full.</summary>
    public ulong Allocate(ulong size)
    {
        ulong real;
        if (Blocks(size).TryPop(out ulong block))
        {
            real = block;
            NativeMemory.Clear(controller.SecurePointer(real, size), (nuint)size);
            controller.Written(real, size);
        }
        else if (size == FrameSize)
        {
            real = Fresh();
            if (real == 0)
                return 0;
        }
        else
        {
            ulong whole = size < SmallBlock ? SmallBlock : size < LargeBlock ? LargeBlock : FrameSize;
            real = Allocate(whole);
            if (real == 0)
                return 0;

            // It was counted as a whole; its unused parts are free again.
            Unallocated += whole;
            Stack<ulong> blocks = Blocks(size);
            for (ulong offset = whole - size; offset != 0; offset -= size)
                blocks.Push(real + offset);
        }

        Unallocated -= size;
        return real;
    }

    /// <summary>Frees a block.</summary>
    public void Free(ulong real, ulong size)
    {
        Blocks(size).Push(real);
        Unallocated += size;
    }

    /// <summary>Host pointer to an allocated block.</summary>
    public byte* Pointer(ulong real, ulong size) => controller.SecurePointer(real, size);

    private Stack<ulong> Blocks(ulong size)
    {
        if (!free.TryGetValue(size, out Stack<ulong>? blocks))
            free[size] = blocks = [];
        return blocks;
    }

    // RAM starts zeroed, so a frame that was never used needs no clearing and costs no host memory.
    private ulong Fresh()
    {
        while (range < ranges.Length)
        {
            RamRange current = ranges[range];
            if (next < current.Base + current.Size)
            {
                ulong real = next;
                next += FrameSize;
                return real;
            }

            range++;
            if (range < ranges.Length)
                next = ranges[range].Base;
        }

        return 0;
    }
}
