using System.Buffers.Binary;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Translation (ISA 3.0B Book III 5.7): which kind; radix quadrants, process- and partition-scoped walks, reference and change bits.</summary>
public sealed unsafe partial class Cpu
{
    // Real addresses have 60 bits in real mode (EA 4:63); the implementation's limit is left to the memory map.
    private const ulong RealModeMask = 0x0FFFFFFFFFFFFFFF;

    // Effective address bits 2:11 are 0 in every valid address: POWER9's trees map 52 bits (QEMU mmu-radix64.c, R_EADDR_VALID_MASK).
    private const ulong InvalidAddressBits = 0x3FF0000000000000;

    /// <summary>Translates an effective address for the current context.</summary>
    public void Translate(ulong ea, AccessKind kind, out Translation result)
    {
        CpuState* s = State;
        HostWork work = HostWorkState.Enter(s, HostWork.TableWalk);
        if (!TranslateUsual(ea, kind, out result))
            Translate(ea, kind, new TranslationRules(s->Msr, s->Spr[SprNumber.LPIDR], s->Spr[SprNumber.PIDR]), out result);
        s->Work = work;
    }

    private void Translate(ulong ea, AccessKind kind, in TranslationRules rules, out Translation result)
    {
        ulong msr = rules.Msr;
        bool hv = (msr & Msr.HV) != 0;
        bool relocate = (msr & (kind == AccessKind.Fetch ? Msr.IR : Msr.DR)) != 0;
        result = default;
        result.Cacheable = true;
        result.Allowed = Protection.All;
        if (!relocate)
        {
            if (!hv)
            {
                TranslateGuestReal(ea & RealModeMask, kind, rules, ref result);
                return;
            }

            // EA bit 0 set bypasses the offset registers.
            ulong offset = ea >> 63 != 0 ? 0 : State->Spr[(msr & Msr.S) != 0 ? SprNumber.URMOR : SprNumber.HRMOR];
            result.Real = (ea & RealModeMask) | offset;
            return;
        }

        ulong lpid = rules.Lpid;
        ulong pid = rules.Pid;
        if (SegmentsCount(rules) && IsHash(lpid, rules, out ulong pate))
        {
            TranslateSegmented(ea, pate, kind, rules, ref result);
            return;
        }

        // Quadrants 1 and 2 are the hypervisor's, not its processes': else these would see their memory twice, or a guest's.
        int quadrant = (int)(ea >> 62);
        bool hypervisorState = hv && (msr & Msr.PR) == 0;
        if ((ea & InvalidAddressBits) != 0 || (!hypervisorState && quadrant is (1 or 2)))
        {
            result.Fault = TranslationFault.Segment;
            return;
        }

        if (hv)
        {
            if (quadrant is 1 or 2)
                result.Cacheable = false;
            else
                lpid = 0;
        }

        if (quadrant >= 2)
            pid = 0;
        TranslateProcess(lpid, pid, ea, kind, rules, ref result);
    }

    private bool SegmentsCount(in TranslationRules rules) => rules.Segments && (State->Spr[SprNumber.LPCR] & Lpcr.HR) == 0;

    // A partition that can't be told is none of hash translation's: the radix walk says what is wrong with it.
    private bool IsHash(ulong lpid, in TranslationRules rules, out ulong pate)
    {
        Translation ignored = default;
        return ReadPate(lpid, 0, rules, out pate, out _, ref ignored) && (pate & RadixFormat.PateHR) == 0;
    }

    private void TranslateGuestReal(ulong guestReal, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        if ((SegmentsCount(rules) || !rules.Segments) && IsHash(rules.Lpid, rules, out ulong pate))
            TranslateVirtualReal(guestReal, pate, kind, rules, ref result);
        else
            TranslatePartition(rules.Lpid, guestReal, kind, rules, ref result);
    }

    // A guest real address of a partition, as the guest's own accesses would be translated.
    private void TranslatePartition(ulong lpid, ulong guestReal, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        if (!ReadPate(lpid, guestReal, rules, out ulong dw0, out _, ref result))
            return;
        if ((dw0 & RadixFormat.PateHR) == 0)
        {
            Fail(TranslationFault.Partition, Dsisr.UnsupportedRadix, guestReal, ref result);
            return;
        }

        Walk(dw0, guestReal, kind, scope: TranslationFault.Partition, lpid, rules, ref result);
        result.Asdr = guestReal & ~0xFFFUL;
    }

    private void TranslateProcess(ulong lpid, ulong pid, ulong ea, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        if (!ReadPate(lpid, ea, rules, out ulong dw0, out ulong dw1, ref result))
            return;

        // LPCR[HR]=1 and a hashed page table: an unsupported configuration to the hypervisor (QEMU validate_pate).
        if ((dw0 & RadixFormat.PateHR) == 0)
        {
            Fail(TranslationFault.Partition, Dsisr.UnsupportedRadix, ea, ref result);
            return;
        }

        // Process table: its address is a guest real one, except for partition 0. Causes as QEMU ppc_radix64_process_scoped_xlate has them.
        ulong size = RadixFormat.TableBytes(dw1);
        ulong table = dw1 & RadixFormat.TableBase;
        if ((table & (size - 1)) != 0 || (pid << 4) >= size)
        {
            result.Fault = TranslationFault.Process;
            result.Status = (table & (size - 1)) != 0 ? Dsisr.UnsupportedRadix : Dsisr.NoTranslation;
            return;
        }

        if (!ReadTable(lpid, table + (pid << 4), rules, out ulong root, ref result))
            return;
        Walk(root, ea, kind, scope: TranslationFault.Process, lpid, rules, ref result);
        if (result.Fault != TranslationFault.None || lpid == 0)
            return;

        // The leaf gave a guest real address; the partition's tree may allow less.
        Protection process = result.Allowed;
        ulong guestReal = result.Real;
        TranslatePartition(lpid, guestReal, kind, rules, ref result);
        result.Allowed &= process;
    }

    /// <summary>One radix tree. Leaves Real and Allowed, or a fault. Address bits above the tree's are the caller's business.</summary>
    private void Walk(ulong root, ulong address, AccessKind kind, TranslationFault scope, ulong lpid, in TranslationRules rules, ref Translation result)
    {
        ulong table = root & RadixFormat.RootBase;
        int indexBits = (int)(root & RadixFormat.RootSize);
        ulong tableLpid = scope == TranslationFault.Partition ? 0 : lpid;
        if (RadixFormat.AddressBits(root) != RadixFormat.TreeBits)
        {
            Fail(scope, Dsisr.UnsupportedRadix, address, ref result);
            return;
        }

        // A guest real address may have more bits than its tree maps; an effective one was checked before.
        if (scope == TranslationFault.Partition && address >> RadixFormat.TreeBits != 0)
        {
            Fail(scope, Dsisr.NoTranslation, address, ref result);
            return;
        }

        int bits = RadixFormat.TreeBits;
        for (int level = 0; RadixFormat.IsLevel(level, indexBits); level++)
        {
            bits -= indexBits;
            ulong entryAddress = RadixFormat.EntryAddress(table, indexBits, address, bits);
            if (!ReadTable(tableLpid, entryAddress, rules, out ulong entry, ref result))
                return;
            if ((entry & RadixFormat.Valid) == 0)
            {
                Fail(scope, Dsisr.NoTranslation, address, ref result);
                return;
            }

            if ((entry & RadixFormat.Leaf) != 0)
            {
                if (level == 0)
                    break;
                Leaf(entry, entryAddress, address, bits, kind, scope, tableLpid, rules, ref result);
                return;
            }

            table = entry & RadixFormat.NextBase;
            indexBits = (int)(entry & RadixFormat.NextSize);
        }

        Fail(scope, Dsisr.UnsupportedRadix, address, ref result);
    }

    private static void Fail(TranslationFault scope, uint status, ulong address, ref Translation result)
    {
        result.Fault = scope;
        result.Status = status;
        result.Asdr = address & ~0xFFFUL;
    }

    private void Leaf(ulong entry, ulong entryAddress, ulong address, int bits, AccessKind kind, TranslationFault scope, ulong tableLpid, in TranslationRules rules, ref Translation result)
    {
        Protection allowed = RadixFormat.Authority(entry);
        if (scope == TranslationFault.Process)
        {
            if ((entry & RadixFormat.Privileged) != 0)
            {
                if ((rules.Msr & Msr.PR) != 0)
                    allowed = Protection.None;
            }
            else if (rules.Keys && (rules.Msr & Msr.PR) == 0)
            {
                allowed &= KeyZero(ref result, address);
            }
        }

        // Non-idempotent storage is guarded: nothing is fetched from it.
        if ((entry & RadixFormat.Attributes) == RadixFormat.NonIdempotent)
            allowed &= ~Protection.Execute;
        Protection wanted = kind.Needs();
        if ((allowed & wanted) == 0 && !rules.AnyAuthority)
        {
            // A fetch that is refused for whatever reason sets SRR1 or HSRR1 bit 35, never 36 (QEMU ppc_radix64_check_prot).
            Fail(scope, kind == AccessKind.Fetch ? Dsisr.NoExecute : Dsisr.Protection, address, ref result);
            return;
        }

        // The hardware sets R and C itself; the table must then be writable.
        ulong update = RadixFormat.Marks(kind);
        if ((entry & update) != update && !rules.Quiet)
        {
            if (!UpdateTable(tableLpid, entryAddress, entry, entry | update, rules, ref result))
                return;
            entry |= update;
        }

        if ((entry & RadixFormat.Changed) == 0)
            allowed &= ~Protection.Write;
        result.Real = RadixFormat.RealAddress(entry, address, bits);
        result.Allowed = allowed;
    }

    // Privileged access to an unprivileged page: key 0 of AMR and IAMR applies (ISA 3.0B Book III 5.7.13).
    private Protection KeyZero(ref Translation result, ulong ea)
    {
        ulong amr = State->Spr[SprNumber.AMR] >> 62;
        ulong iamr = State->Spr[SprNumber.IAMR] >> 62;

        // The tag of the upper half has no key 0: kernels have no unprivileged pages there.
        if ((amr != 0 || (iamr & 1) != 0) && ea >> 63 != 0)
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

    private bool ReadPate(ulong lpid, ulong address, in TranslationRules rules, out ulong dw0, out ulong dw1, ref Translation result)
    {
        dw0 = dw1 = 0;
        ulong ptcr = State->Spr[SprNumber.PTCR];
        ulong size = RadixFormat.TableBytes(ptcr);
        ulong table = ptcr & RadixFormat.TableBase;

        // No such partition, or partition 0, which is the hypervisor's own, from a guest: an unsupported configuration to the hypervisor
        // (QEMU ppc64_v3_get_pate, validate_pate).
        if ((table & (size - 1)) != 0 || (lpid << 4) >= size || (lpid == 0 && (rules.Msr & Msr.HV) == 0))
        {
            Fail(TranslationFault.Partition, Dsisr.UnsupportedRadix, address, ref result);
            return false;
        }

        // The partition table may lie in secure memory: its fetch is the hardware's own, whatever S is.
        byte* entry = Memory.Pointer(table + (lpid << 4), 16);
        if (entry == null)
        {
            result.Fault = TranslationFault.MachineCheckInWalk;
            result.Real = table + (lpid << 4);
            return false;
        }

        dw0 = BinaryPrimitives.ReverseEndianness(*(ulong*)entry);
        dw1 = BinaryPrimitives.ReverseEndianness(*(ulong*)(entry + 8));
        return true;
    }

    // lpid 0: a real address; otherwise a guest real address that the partition's tree translates.
    private bool ReadTable(ulong lpid, ulong address, in TranslationRules rules, out ulong value, ref Translation result)
    {
        byte* entry = TablePointer(lpid, address, AccessKind.Load, rules, ref result);
        value = entry == null ? 0 : BinaryPrimitives.ReverseEndianness(*(ulong*)entry);
        return entry != null;
    }

    private bool UpdateTable(ulong lpid, ulong address, ulong from, ulong to, in TranslationRules rules, ref Translation result)
    {
        byte* entry = TablePointer(lpid, address, AccessKind.Store, rules, ref result);
        if (entry == null)
            return false;
        if (ChangeEntry(entry, BinaryPrimitives.ReverseEndianness(from), BinaryPrimitives.ReverseEndianness(to)))
            return true;
        result.Fault = TranslationFault.Process;
        return false;
    }

    private byte* TablePointer(ulong lpid, ulong address, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        ulong real = address;
        if (lpid != 0)
        {
            Translation inner = default;
            TranslatePartition(lpid, address, kind, rules, ref inner);
            if (inner.Fault != TranslationFault.None)
            {
                result.Fault = inner.Fault;
                result.Asdr = address & ~0xFFFUL;
                result.Real = inner.Real;
                result.Status = inner.Status | Dsisr.ProcessTable | (kind == AccessKind.Store ? Dsisr.Store : 0);
                return null;
            }

            real = inner.Real;
        }

        RamRange? range = Memory.FindRam(real);
        if (range is null || (range.Secure && (rules.Msr & Msr.S) == 0 && !rules.Quiet))
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
}
