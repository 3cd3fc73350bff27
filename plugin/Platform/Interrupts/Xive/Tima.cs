using System.Globalization;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// The thread management area: four pages with less and less rights, hardware, hypervisor, OS, user. Each shows the rings of the thread that accesses. Offsets below 0x800 are the
/// registers, those above are operations (Linux arch/powerpc/include/asm/xive-regs.h). Address bits 0x180 choose a path through the chip and mean nothing here.
/// </summary>
public sealed class Tima(XiveLog log) : IProcessorDevice
{
    /// <summary>Bytes of all pages.</summary>
    public const ulong Size = 4 * XiveMap.PageSize;

    private const ulong WithinPage = 0xE7F;
    private const ulong Special = 0x800;
    private const int RegistersSize = 4 * RingRegister.Size;

    private readonly SortedDictionary<uint, ThreadContext> threads = [];

    /// <summary>Declares a thread.</summary>
    public void AddThread(ThreadContext thread) => threads.Add(thread.Pir, thread);

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => Refuse(offset, size, store: false, "it is not a thread that accesses");

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => Refuse(offset, size, store: true, "it is not a thread that accesses");

    /// <inheritdoc/>
    public ulong Read(Cpu cpu, ulong offset, int size) =>
        threads.TryGetValue(cpu.Pir, out ThreadContext? thread) ? BigEndianRegister.Swap(Load(thread, offset, size), size) : Read(offset, size);

    /// <inheritdoc/>
    public void Write(Cpu cpu, ulong offset, int size, ulong value)
    {
        if (threads.TryGetValue(cpu.Pir, out ThreadContext? thread))
            Store(thread, offset, size, BigEndianRegister.Swap(value, size));
        else
            Write(offset, size, value);
    }

    /// <summary>A load by a thread; the value as a number.</summary>
    public ulong Load(ThreadContext thread, ulong offset, int size)
    {
        TimaPage page = PageOf(offset);
        ulong within = offset & WithinPage;
        if (within < Special)
            return LoadRegisters(thread, page, offset, (int)within, size);
        switch ((TimaOperation)within, size)
        {
            case (TimaOperation.AcknowledgeOs, 2) when page <= TimaPage.Os:
                return thread.Acknowledge(Ring.Os);
            case (TimaOperation.AcknowledgeHypervisor, 2) when page <= TimaPage.Hypervisor:
                return thread.Acknowledge(Ring.Physical);
            case (TimaOperation.PullOs, 4 or 8) when page <= TimaPage.Hypervisor:
                return Pulled(thread.Pull(Ring.Os), size);
            case (TimaOperation.PullPool, 4 or 8) when page <= TimaPage.Hypervisor:
                return Pulled(thread.Pull(Ring.Pool), size);
            default:
                return Refuse(offset, size, store: false, Why(within));
        }
    }

    /// <summary>A store by a thread.</summary>
    public void Store(ThreadContext thread, ulong offset, int size, ulong value)
    {
        TimaPage page = PageOf(offset);
        ulong within = offset & WithinPage;
        if (within < Special)
            StoreRegisters(thread, page, offset, (int)within, size, value);
        else if ((TimaOperation)within == TimaOperation.SetOsPending && size == 1 && page <= TimaPage.Os)
            thread.Present(Ring.Os, (byte)value);
        else
            Refuse(offset, size, store: true, Why(within));
    }

    private static TimaPage PageOf(ulong offset) => (TimaPage)((offset >> XiveMap.PageShift) & 3);

    // Words 2 and 3; there is nothing in word 3.
    private static ulong Pulled(uint word, int size) => size == 8 ? (ulong)word << 32 : word;

    private static string Why(ulong offset) => Enum.IsDefined((TimaOperation)offset)
        ? string.Create(CultureInfo.InvariantCulture, $"{(TimaOperation)offset} is not there, or not of this size, direction or page")
        : "no operation";

    // Bytes by themselves: the two CPPRs, and word 2 of the physical ring, of which only the valid bit is there.
    private static bool IsByteRegister(TimaPage page, int at) => at switch
    {
        (int)Ring.Os * RingRegister.Size + RingRegister.Cppr => page <= TimaPage.Os,
        (int)Ring.Physical * RingRegister.Size + RingRegister.Cppr => page <= TimaPage.Hypervisor,
        (int)Ring.Physical * RingRegister.Size + RingRegister.Word2 => page <= TimaPage.Hypervisor,
        _ => false,
    };

    private ulong LoadRegisters(ThreadContext thread, TimaPage page, ulong offset, int at, int size)
    {
        if (at + size > RegistersSize || at % size != 0)
            return Refuse(offset, size, store: false, "no register");
        if (size == 1 && IsByteRegister(page, at))
            return thread.Registers[at];
        if (size < TimaView.LeastSize)
            return Refuse(offset, size, store: false, "not of this size or page");
        ulong value = 0;
        bool any = false;
        for (int n = at; n < at + size; n++)
        {
            bool can = TimaView.CanLoad(page, n);
            any |= can;
            value = (value << 8) | (can ? thread.Registers[n] : 0UL);
        }

        return any ? value : Refuse(offset, size, store: false, "nothing there for this page");
    }

    private void StoreRegisters(ThreadContext thread, TimaPage page, ulong offset, int at, int size, ulong value)
    {
        if (at + size > RegistersSize || at % size != 0)
        {
            Refuse(offset, size, store: true, "no register");
            return;
        }

        Ring ring = TimaView.RingOf(at);
        if (size == 1 && IsByteRegister(page, at))
        {
            if (at % RingRegister.Size == RingRegister.Cppr)
                thread.SetPriority(ring, (byte)value);
            else
                thread.SetThreadValid(((byte)value & RingRegister.Valid) != 0);
            return;
        }

        if (size < TimaView.LeastSize)
        {
            Refuse(offset, size, store: true, "not of this size or page");
            return;
        }

        bool any = false;
        bool pushed = false;
        for (int n = 0; n < size; n++)
        {
            if (!TimaView.CanStore(page, at + n))
                continue;
            any = true;
            pushed |= (at + n) % RingRegister.Size == RingRegister.Word2;
            thread.Write(at + n, (byte)(value >> (8 * (size - 1 - n))));
        }

        if (any)
            thread.Written(ring, pushed);
        else
            Refuse(offset, size, store: true, "nothing there for this page");
    }

    private ulong Refuse(ulong offset, int size, bool store, string why)
    {
        log.Refuse($"thread management area, {PageOf(offset)} page", XiveMap.Tima + offset, offset & (XiveMap.PageSize - 1), size, store, why);
        return BigEndianRegister.AllOnes;
    }
}
