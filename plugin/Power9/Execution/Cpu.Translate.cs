using System.Buffers.Binary;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Radix translation (ISA 3.0B Book III 5.7): quadrants, process- and partition-scoped walks, reference and change bits.</summary>
public sealed unsafe partial class Cpu
{
    // Real addresses have 60 bits in real mode (EA 4:63); the implementation's limit is left to the memory map.
    private const ulong RealModeMask = 0x0FFFFFFFFFFFFFFF;

    // Deepest tree the architecture allows is far below this; a hostile table can't make the walk endless.
    private const int MaxLevels = 8;

    /// <summary>Translates an effective address for the current context.</summary>
    public void Translate(ulong ea, AccessKind kind, out Translation result)
    {
        CpuState* s = State;
        ulong msr = s->Msr;
        bool hv = (msr & Msr.HV) != 0;
        bool relocate = (msr & (kind == AccessKind.Fetch ? Msr.IR : Msr.DR)) != 0;
        result = default;
        result.Cacheable = true;
        result.Allowed = Protection.All;
        if (!relocate)
        {
            if (!hv)
            {
                TranslatePartition(s->Spr[SprNumber.LPIDR], ea & RealModeMask, kind, ref result);
                return;
            }

            // EA bit 0 set bypasses the offset registers.
            ulong offset = ea >> 63 != 0 ? 0 : s->Spr[(msr & Msr.S) != 0 ? SprNumber.URMOR : SprNumber.HRMOR];
            result.Real = (ea & RealModeMask) | offset;
            return;
        }

        ulong lpid = s->Spr[SprNumber.LPIDR];
        ulong pid = s->Spr[SprNumber.PIDR];
        int quadrant = (int)(ea >> 62);
        if (hv)
        {
            if (quadrant is 1 or 2)
                result.Cacheable = false;
            else
                lpid = 0;
        }
        else if (quadrant is 1 or 2)
        {
            result.Fault = TranslationFault.Segment;
            return;
        }

        if (quadrant >= 2)
            pid = 0;
        TranslateProcess(lpid, pid, ea, kind, ref result);
    }

    /// <summary>Translates a guest real address of a partition, as the guest's own accesses would.</summary>
    public void TranslatePartition(ulong lpid, ulong guestReal, AccessKind kind, ref Translation result)
    {
        if (!ReadPate(lpid, out ulong dw0, out _, ref result))
            return;
        if ((dw0 & RadixFormat.PateHR) == 0)
        {
            Hash(lpid, dw0, ref result);
            return;
        }

        Walk(dw0, guestReal, kind, scope: TranslationFault.Partition, lpid, privilegedOnly: false, ref result);
        if (result.Fault == TranslationFault.Segment)
        {
            result.Fault = TranslationFault.Partition;
            result.Status = Dsisr.NoTranslation;
        }

        result.GuestReal = guestReal;
    }

    private void TranslateProcess(ulong lpid, ulong pid, ulong ea, AccessKind kind, ref Translation result)
    {
        if (!ReadPate(lpid, out ulong dw0, out ulong dw1, ref result))
            return;
        if ((dw0 & RadixFormat.PateHR) == 0)
        {
            Hash(lpid, dw0, ref result);
            return;
        }

        // Process table: its address is a guest real one, except for partition 0.
        ulong size = 1UL << (int)(12 + Math.Min(dw1 & RadixFormat.TableSize, 24));
        if ((pid << 4) + 16 > size)
        {
            result.Fault = TranslationFault.Process;
            result.Status = Dsisr.ProcessTable;
            return;
        }

        ulong entry = (dw1 & RadixFormat.TableBase) + (pid << 4);
        if (!ReadTable(lpid, entry, kind, out ulong root, ref result))
            return;
        if ((root & RadixFormat.RootBase) == 0)
        {
            result.Fault = TranslationFault.Process;
            result.Status = Dsisr.NoTranslation;
            return;
        }

        bool problem = (State->Msr & Msr.PR) != 0;
        Walk(root, ea & 0x3FFFFFFFFFFFFFFF, kind, scope: TranslationFault.Process, lpid, privilegedOnly: problem, ref result);
        if (result.Fault != TranslationFault.None || lpid == 0)
            return;

        // The leaf gave a guest real address; the partition's tree may allow less.
        Protection process = result.Allowed;
        ulong guestReal = result.Real;
        TranslatePartition(lpid, guestReal, kind, ref result);
        result.Allowed &= process;
    }

    /// <summary>One radix tree. Leaves Real and Allowed, or a fault.</summary>
    private void Walk(ulong root, ulong address, AccessKind kind, TranslationFault scope, ulong lpid, bool privilegedOnly, ref Translation result)
    {
        int bits = RadixFormat.AddressBits(root);
        if (bits < 62 && address >> bits != 0)
        {
            result.Fault = TranslationFault.Segment;
            return;
        }

        ulong table = root & RadixFormat.RootBase;
        int indexBits = (int)(root & RadixFormat.RootSize);
        ulong tableLpid = scope == TranslationFault.Partition ? 0 : lpid;
        for (int level = 0; level < MaxLevels; level++)
        {
            if (indexBits < 5 || indexBits > bits - 12)
            {
                result.Fault = scope;
                result.Status = Dsisr.UnsupportedRadix;
                result.GuestReal = address;
                return;
            }

            bits -= indexBits;
            ulong index = (address >> bits) & ((1UL << indexBits) - 1);
            ulong entryAddress = (table & ~((8UL << indexBits) - 1)) + (index << 3);
            if (!ReadTable(tableLpid, entryAddress, kind, out ulong entry, ref result))
                return;
            if ((entry & RadixFormat.Valid) == 0)
            {
                result.Fault = scope;
                result.Status = Dsisr.NoTranslation;
                result.GuestReal = address;
                return;
            }

            if ((entry & RadixFormat.Leaf) != 0)
            {
                Leaf(entry, entryAddress, address, bits, kind, scope, tableLpid, privilegedOnly, ref result);
                return;
            }

            table = entry & RadixFormat.NextBase;
            indexBits = (int)(entry & RadixFormat.NextSize);
        }

        result.Fault = scope;
        result.Status = Dsisr.UnsupportedRadix;
        result.GuestReal = address;
    }

    private void Leaf(ulong entry, ulong entryAddress, ulong address, int bits, AccessKind kind, TranslationFault scope, ulong tableLpid, bool problem, ref Translation result)
    {
        Protection allowed = RadixFormat.Authority(entry);
        if (scope == TranslationFault.Process)
        {
            if ((entry & RadixFormat.Privileged) != 0)
            {
                if (problem)
                    allowed = Protection.None;
            }
            else if (!problem)
            {
                allowed &= KeyZero(ref result, address);
            }
        }

        Protection wanted = kind switch
        {
            AccessKind.Load => Protection.Read,
            AccessKind.Store => Protection.Write,
            _ => Protection.Execute,
        };
        if ((allowed & wanted) == 0)
        {
            result.Fault = scope;
            result.Status = kind == AccessKind.Fetch && (entry & RadixFormat.ExecuteBit) == 0 ? Dsisr.NoExecute : Dsisr.Protection;
            result.GuestReal = address;
            return;
        }

        // The hardware sets R and C itself; the table must then be writable.
        ulong update = RadixFormat.Referenced | (kind == AccessKind.Store ? RadixFormat.Changed : 0);
        if ((entry & update) != update)
        {
            if (!UpdateTable(tableLpid, entryAddress, entry | update, ref result))
                return;
            entry |= update;
        }

        if ((entry & RadixFormat.Changed) == 0)
            allowed &= ~Protection.Write;
        ulong offsetMask = (1UL << bits) - 1;
        result.Real = (entry & RadixFormat.RealPage & ~offsetMask) | (address & offsetMask);
        result.Allowed = allowed;
    }

    // Privileged access to an unprivileged page: key 0 of AMR and IAMR applies (ISA 3.0B Book III 5.7.13).
    private Protection KeyZero(ref Translation result, ulong address)
    {
        ulong amr = State->Spr[SprNumber.AMR] >> 62;
        ulong iamr = State->Spr[SprNumber.IAMR] >> 62;
        if ((amr != 0 || (iamr & 1) != 0) && address >> 61 != 0)
            result.Cacheable = false;
        Protection allowed = Protection.None;
        if ((amr & 1) == 0)
            allowed |= Protection.Read;
        if ((amr & 2) == 0)
            allowed |= Protection.Write;
        if ((iamr & 1) == 0)
            allowed |= Protection.Execute;
        return allowed;
    }

    private bool ReadPate(ulong lpid, out ulong dw0, out ulong dw1, ref Translation result)
    {
        ulong ptcr = State->Spr[SprNumber.PTCR];
        ulong size = 1UL << (int)(12 + Math.Min(ptcr & RadixFormat.TableSize, 24));
        ulong address = (ptcr & RadixFormat.TableBase) + (lpid << 4);

        // The partition table may lie in secure memory: its fetch is the hardware's own, whatever S is.
        byte* entry = (lpid << 4) + 16 > size ? null : Memory.Pointer(address, 16);
        if (entry == null)
        {
            dw0 = dw1 = 0;
            result.Fault = TranslationFault.MachineCheckInWalk;
            result.Real = address;
            return false;
        }

        dw0 = BinaryPrimitives.ReverseEndianness(*(ulong*)entry);
        dw1 = BinaryPrimitives.ReverseEndianness(*(ulong*)(entry + 8));
        return true;
    }

    // lpid 0: a real address; otherwise a guest real address that the partition's tree translates.
    private bool ReadTable(ulong lpid, ulong address, AccessKind kind, out ulong value, ref Translation result)
    {
        byte* entry = TablePointer(lpid, address, AccessKind.Load, ref result);
        value = entry == null ? 0 : BinaryPrimitives.ReverseEndianness(*(ulong*)entry);
        return entry != null;
    }

    private bool UpdateTable(ulong lpid, ulong address, ulong value, ref Translation result)
    {
        byte* entry = TablePointer(lpid, address, AccessKind.Store, ref result);
        if (entry == null)
            return false;
        *(ulong*)entry = BinaryPrimitives.ReverseEndianness(value);
        return true;
    }

    private byte* TablePointer(ulong lpid, ulong address, AccessKind kind, ref Translation result)
    {
        ulong real = address;
        if (lpid != 0)
        {
            Translation inner = default;
            TranslatePartition(lpid, address, kind, ref inner);
            if (inner.Fault != TranslationFault.None)
            {
                result.Fault = inner.Fault;
                result.GuestReal = address;
                result.Real = inner.Real;
                result.Status = inner.Status | (kind == AccessKind.Store ? Dsisr.Store : 0);
                return null;
            }

            real = inner.Real;
        }

        RamRange? range = Memory.FindRam(real);
        if (range is null || (range.Secure && (State->Msr & Msr.S) == 0))
        {
            result.Fault = TranslationFault.MachineCheckInWalk;
            result.Real = real;
            if (range is not null)
                ReportViolation(real, address, kind, inWalk: true);
            return null;
        }

        // A page table page that also holds decoded code is no harm: entries are data of 8 aligned bytes.
        return range.Host + (real - range.Base);
    }

    private static void Hash(ulong lpid, ulong dw0, ref Translation result)
    {
        result.Fault = TranslationFault.HashNotImplemented;
        result.GuestReal = lpid;
        result.Real = dw0;
    }
}
