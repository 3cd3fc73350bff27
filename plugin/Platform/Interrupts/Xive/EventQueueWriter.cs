using System.Buffers.Binary;
using System.Globalization;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Writes entries of event queues, as a device: to normal RAM alone. An address is what a hypervisor said, and may be anything.</summary>
public sealed class EventQueueWriter(PhysicalMemory memory, XiveLog log)
{
    private const int EntrySize = 4;
    private const uint GenerationBit = 0x8000_0000;

    // Initiator of a violation that is no CPU.
    private const int Device = -1;

    /// <summary>Writes an entry, generation and 31 bits of data, and advances; at the end of the ring the generation turns. Nothing happens if there is no normal RAM.</summary>
    public void Append(ref EventQueue queue, uint data)
    {
        uint index = queue.Index & (queue.Entries - 1);
        ulong address = queue.Ring + (ulong)index * EntrySize;
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteUInt32BigEndian(entry, (queue.Generation ? GenerationBit : 0) | (data & Eas.DataMask));
        if (!memory.IsRam(address, EntrySize, normal: true) || !memory.CopyIn(address, entry))
        {
            Refuse(address);
            return;
        }

        queue.Index = (index + 1) & (queue.Entries - 1);
        if (queue.Index == 0)
            queue.Generation = !queue.Generation;
    }

    private void Refuse(ulong address)
    {
        if (memory.FindRam(address) is { Secure: true })
            memory.Monitor?.Violation(new SecureViolation(Device, address, address, 0, AccessKind.Store, InWalk: false));
        log.Report("entry", string.Create(CultureInfo.InvariantCulture, $"XIVE: an event queue's entry at 0x{address:x} is not in normal RAM; events there are lost"));
    }
}
