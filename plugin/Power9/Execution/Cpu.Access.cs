using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>The slow path of loads and stores: TLB fill, page crossing, code pages, devices, secure memory check.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Loads <paramref name="size"/> bytes in memory order. False after an interrupt was taken.</summary>
    public static bool LoadSlow(CpuState* s, Insn* i, ulong ea, byte* buffer, int size) =>
        Of(s).AccessSlow(Flow.Cia(s, i), ea, buffer, size, AccessKind.Load);

    /// <summary>Stores <paramref name="size"/> bytes in memory order. False after an interrupt was taken.</summary>
    public static bool StoreSlow(CpuState* s, Insn* i, ulong ea, byte* buffer, int size) =>
        Of(s).AccessSlow(Flow.Cia(s, i), ea, buffer, size, AccessKind.Store);

    /// <summary>
    /// Translates for a load of the instruction in slot <paramref name="i"/>, and checks secure memory. Null after an interrupt was taken.
    /// For instructions that need the place itself: larx, and stcx., which loads nothing and says so by a <paramref name="size"/> of 0.
    /// </summary>
    public static byte* HostPointer(CpuState* s, Insn* i, ulong ea, int size, out ulong real)
    {
        Cpu cpu = Of(s);
        byte* host = cpu.RamPointer(Flow.Cia(s, i), ea, size, AccessKind.Load, out real);
        if (host != null && size != 0)
            cpu.Tell(Flow.Cia(s, i), ea, real, host, size, AccessKind.Load);
        return host;
    }

    /// <summary>Zeroes the cache block at <paramref name="ea"/>, which is aligned to it. False after an interrupt was taken.</summary>
    public static bool ZeroBlockSlow(CpuState* s, Insn* i, ulong ea)
    {
        Cpu cpu = Of(s);
        ulong cia = Flow.Cia(s, i);
        byte* host = cpu.RamPointer(cia, ea, Cache.BlockSize, AccessKind.Store, out ulong real);
        if (host == null)
            return false;
        if (s->Concurrent != 0 && cpu.Memory.FindRam(real) is { } range && HoldsCode(range, real))
        {
            cpu.Postpone(cia);
            return false;
        }

        new Span<byte>(host, Cache.BlockSize).Clear();
        cpu.Memory.InvalidateCode(real, Cache.BlockSize);
        if (cpu.Memory.FindRam(real) is { } zeroed && HoldsCode(zeroed, real))
            cpu.NoteStoreToCode(zeroed.Pages + ((real - zeroed.Base) >> 12), Cache.BlockSize);
        cpu.Tell(cia, ea, real, host, Cache.BlockSize, AccessKind.Store);
        return true;
    }

    /// <summary>Translates for a store that is yet to come, so that it may be made directly if it may at all. False after an interrupt was taken.</summary>
    public static bool PrepareStore(CpuState* s, Insn* i, ulong ea) => Of(s).Resolve(Flow.Cia(s, i), ea, AccessKind.Store, out _, out _);

    /// <summary>Checks that the byte at <paramref name="ea"/> may be loaded, and loads nothing. False after an interrupt was taken.</summary>
    public static bool TouchSlow(CpuState* s, Insn* i, ulong ea) => Of(s).Resolve(Flow.Cia(s, i), ea, AccessKind.Load, out _, out _);

    // Devices have no memory semantics: reservations and cache line operations on them are an alignment interrupt (ISA 3.0B Book III 6.5.8).
    private byte* RamPointer(ulong cia, ulong ea, int size, AccessKind kind, out ulong real)
    {
        real = 0;
        if (!Resolve(cia, ea, kind, out Translation translation, out RamRange? range) || (size != 0 && TakeWatchpoint(cia, ea, size, kind)))
            return null;
        real = translation.Real;
        if (range is not null)
            return range.Host + (real - range.Base);
        State->Spr[SprNumber.DAR] = ea;
        Deliver(Vector.Alignment, cia, 0);
        return null;
    }

    private bool AccessSlow(ulong cia, ulong ea, byte* buffer, int size, AccessKind kind)
    {
        HostWork work = HostWorkState.Enter(State, HostWork.Access);
        bool done = AccessInPages(cia, ea, buffer, size, kind);
        State->Work = work;
        return done;
    }

    private bool AccessInPages(ulong cia, ulong ea, byte* buffer, int size, AccessKind kind)
    {
        bool word32 = (State->Msr & Msr.SF) == 0;
        int first = (int)Math.Min((ulong)size, 0x1000 - (ea & 0xFFF));
        if (!Resolve(cia, ea, kind, out Translation low, out RamRange? lowRange))
            return false;
        if (State->Concurrent != 0 && DisturbsOthers(low, lowRange, kind))
        {
            Postpone(cia);
            return false;
        }

        if (first == size)
        {
            if (TakeWatchpoint(cia, ea, size, kind))
                return false;
            Transfer(low, lowRange, buffer, size, kind);
            Tell(cia, ea, low.Real, buffer, size, kind);
            return true;
        }

        // Both pages must translate before a byte is stored.
        ulong next = ea + (ulong)first;
        if (word32)
            next = (uint)next;
        if (!Resolve(cia, next, kind, out Translation high, out RamRange? highRange)
            || TakeWatchpoint(cia, ea, first, kind) || TakeWatchpoint(cia, next, size - first, kind))
        {
            return false;
        }

        if (State->Concurrent != 0 && DisturbsOthers(high, highRange, kind))
        {
            Postpone(cia);
            return false;
        }

        Transfer(low, lowRange, buffer, first, kind);
        Transfer(high, highRange, buffer + first, size - first, kind);
        Tell(cia, ea, low.Real, buffer, first, kind);
        Tell(cia, next, high.Real, buffer + first, size - first, kind);
        return true;
    }

    private void Transfer(in Translation translation, RamRange? range, byte* buffer, int size, AccessKind kind)
    {
        ulong real = translation.Real;
        if (range is null)
        {
            TransferDevice(real, buffer, size, kind);
            return;
        }

        byte* host = range.Host + (real - range.Base);
        if (kind == AccessKind.Load)
        {
            Copy(host, buffer, size);
            return;
        }

        Copy(buffer, host, size);
        PageInfo* info = range.Pages + ((real - range.Base) >> 12);
        if (info->Code == null)
            return;
        CodeCache.Invalidate(info, (int)(real & 0xFFF), size);
        NoteStoreToCode(info, size);
    }

    // A page with decoded code was stored to, the slow way: see whether it is code at all.
    private void NoteStoreToCode(PageInfo* info, int size)
    {
        for (CodePage* page = info->Code; page != null; page = page->Next)
        {
            if (page->Slots == State->CodePage)
                return;
        }

        Memory.Code.NoteStore(info, size);
    }

    // One access of the host where it is one of the guest: other CPUs must not see a part of it.
    private static void Copy(byte* from, byte* to, int size)
    {
        switch (size)
        {
            case 2:
                *(ushort*)to = *(ushort*)from;
                break;
            case 4:
                *(uint*)to = *(uint*)from;
                break;
            case 8:
                *(ulong*)to = *(ulong*)from;
                break;
            default:
                Buffer.MemoryCopy(from, to, size, size);
                break;
        }
    }

    // Devices, and stores to pages with decoded slots, which others may be in.
    private static bool DisturbsOthers(in Translation translation, RamRange? range, AccessKind kind) =>
        range is null || (kind == AccessKind.Store && HoldsCode(range, translation.Real));

    private static bool HoldsCode(RamRange range, ulong real) => range.Pages[(real - range.Base) >> 12].Code != null;

    private void TransferDevice(ulong real, byte* buffer, int size, AccessKind kind)
    {
        HostWork work = HostWorkState.Enter(State, HostWork.Device);
        IMmioDevice device = Memory.FindDevice(real, out ulong offset)!;
        var perProcessor = device as IProcessorDevice;
        for (int done = 0; done < size;)
        {
            int part = size - done >= 8 ? 8 : size - done >= 4 ? 4 : size - done >= 2 ? 2 : 1;
            if (kind == AccessKind.Load)
            {
                ulong value = perProcessor is null ? device.Read(offset + (ulong)done, part) : perProcessor.Read(this, offset + (ulong)done, part);
                Buffer.MemoryCopy(&value, buffer + done, part, part);
            }
            else
            {
                ulong value = 0;
                Buffer.MemoryCopy(buffer + done, &value, part, part);
                if (perProcessor is null)
                    device.Write(offset + (ulong)done, part, value);
                else
                    perProcessor.Write(this, offset + (ulong)done, part, value);
            }

            done += part;
        }

        State->Work = work;
    }

    // Translates, checks that something is there and may be seen, fills the TLB. Range is null for a device.
    private bool Resolve(ulong cia, ulong ea, AccessKind kind, out Translation translation, out RamRange? range)
    {
        // An access that crosses pages comes here though both are known, and is as frequent as the data is misaligned.
        TlbEntry* entry = Interpreter.Access.Entry(State, ea);
        if ((kind == AccessKind.Load ? entry->ReadTag : entry->WriteTag) == (ea & ~0xFFFUL))
        {
            translation = new Translation { Real = entry->RealPage | (ea & 0xFFF), Cacheable = true };
            range = Memory.FindRam(translation.Real);
            return true;
        }

        Translate(ea, kind, out translation);
        if (translation.Fault != TranslationFault.None)
        {
            range = null;
            DeliverDataFault(cia, ea, kind, translation);
            return false;
        }

        range = CheckedRam(translation.Real, ea, kind);
        if (range is null)
        {
            if (Memory.FindRam(translation.Real) is null && Memory.FindDevice(translation.Real, out _) is not null)
                return true;
            DeliverMachineCheck(cia, MachineCheckCause.LoadStore, ea);
            return false;
        }

        if (translation.Cacheable)
            Fill(ea, translation, range);
        return true;
    }

    // RAM at a real address if the current context may see it; reports a violation if it is secure and S=0.
    private RamRange? CheckedRam(ulong real, ulong ea, AccessKind kind)
    {
        RamRange? range = Memory.FindRam(real);
        if (range is null || !range.Secure || (State->Msr & Msr.S) != 0)
            return range;
        ReportViolation(real, ea, kind, inWalk: false);
        return null;
    }

    private void ReportViolation(ulong real, ulong ea, AccessKind kind, bool inWalk)
    {
        // The machine check that follows is postponed with the access.
        if (Refuse())
            return;
        var violation = new SecureViolation((int)Pir, real, ea, State->Nia, kind, inWalk)
        {
            Instruction = State->Executed,
            Msr = State->Msr,
            Lpid = State->Spr[SprNumber.LPIDR],
        };
        if (Memory.Monitor is { } monitor && !monitor.Violation(violation))
            CheckStop($"access to secure memory at 0x{real:x} by S=0 code (effective address 0x{ea:x}, {kind}); the violation policy is to stop");
    }

    private void Fill(ulong ea, in Translation translation, RamRange range)
    {
        if (Watch.Covers(ea, translation.Real) || IsWatched(ea))
            return;
        int half = (int)(ea >> 63);
        AddressSpace space = half == 0 ? data0! : data1!;
        space.Empty = false;
        ulong page = ea & ~0xFFFUL;
        ulong realPage = translation.Real & ~0xFFFUL;
        TlbEntry* entry = space.Data + ((ea >> 12) & (TlbEntry.Count - 1));
        PageInfo* info = range.Pages + ((realPage - range.Base) >> 12);
        entry->ReadTag = (translation.Allowed & Protection.Read) != 0 ? page : TlbEntry.Invalid;
        entry->WriteTag = TlbEntry.Invalid;
        if ((translation.Allowed & Protection.Write) != 0 && info->Code == null)
        {
            entry->WriteTag = page;
            NoteWriter(info, 1UL << space.Id);
        }

        entry->Addend = (nint)(range.Host + (realPage - range.Base)) - (nint)page;
        entry->RealPage = realPage;
    }

    private void NoteWriter(PageInfo* info, ulong writer)
    {
        if (State->Concurrent == 0)
            info->Writers |= writer;
        else if ((info->Writers & writer) == 0)
            Interlocked.Or(ref info->Writers, writer);
    }
}
