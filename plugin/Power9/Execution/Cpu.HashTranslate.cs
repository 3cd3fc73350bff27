using System.Buffers.Binary;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Hash translation (ISA 3.0B Book III 5.7.7 to 5.7.9, 5.7.12): segment, page table entry groups, rights, reference and change bits.</summary>
public sealed unsafe partial class Cpu
{
    private void TranslateSegmented(ulong ea, ulong pate, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        switch (Slb.Find(ea, out SegmentDescriptor segment))
        {
            case 0:
                result.Fault = TranslationFault.Segment;
                break;
            case 1:
                bool small = (State->Spr[SprNumber.LPCR] & Lpcr.ISL) != 0;
                int baseShift = small ? HashPageSizes.Smallest : HashPageSizes.Base(segment.Word);
                bool hypervisors = (rules.Msr & Msr.HV) == 0 && (State->Spr[SprNumber.LPCR] & Lpcr.VPM) != 0;
                TranslateInSegment(ea, segment, baseShift, hypervisors ? TranslationFault.Partition : TranslationFault.Process, pate, kind, rules, ref result);
                break;
            default:
                result.Fault = TranslationFault.SegmentMultihit;
                break;
        }
    }

    // Virtual real mode (ISA 3.0B Book III 5.7.3.3): all faults are the hypervisor's. Address bits above its segment's 1 TiB do not count (QEMU ppc_hash64_xlate;
    // Linux kvmppc_hv_find_lock_hpte looks such addresses up without them, too).
    private void TranslateVirtualReal(ulong guestReal, ulong pate, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        SegmentDescriptor segment = SegmentDescriptor.Vrma(pate);
        TranslateInSegment(guestReal, segment, HashPageSizes.Base(segment.Word), TranslationFault.Partition, pate, kind, rules, ref result);
    }

    private void TranslateInSegment(ulong ea, SegmentDescriptor segment, int baseShift, TranslationFault scope, ulong pate, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        // The table is the hypervisor's: it must not say where the pages of a secure partition are.
        if ((rules.Msr & (Msr.S | Msr.HV)) == Msr.S)
        {
            Fail(TranslationFault.Partition, Dsisr.UnsupportedRadix, segment, ref result);
            return;
        }

        if (kind == AccessKind.Fetch && segment.NoExecute && !rules.AnyAuthority)
        {
            Fail(scope, Dsisr.NoExecute, segment, ref result);
            return;
        }

        // A reserved page size has no pages.
        byte* entry = null;
        int shift = 0;
        if (baseShift != 0)
        {
            ulong hash = segment.Hash(ea, baseShift);
            if (!SearchGroup(hash, 0, ea, segment, baseShift, pate, rules, out entry, out shift, ref result))
                return;
            if (entry == null && (State->Spr[SprNumber.LPCR] & Lpcr.TC) == 0
                && !SearchGroup(~hash, HashFormat.Secondary, ea, segment, baseShift, pate, rules, out entry, out shift, ref result))
            {
                return;
            }
        }

        if (entry == null)
            Fail(scope, Dsisr.NoTranslation, segment, ref result);
        else
            UseEntry(entry, shift, ea, segment, scope, kind, rules, ref result);
    }

    // False if the group could not be read; the result says why. Entry is null if none matches.
    private bool SearchGroup(ulong hash, ulong secondary, ulong ea, SegmentDescriptor segment, int baseShift, ulong pate, in TranslationRules rules, out byte* entry, out int shift, ref Translation result)
    {
        int hashBits = HashFormat.LeastHashBits + (int)Math.Min(pate & HashFormat.TableSize, HashFormat.LargestTableSize);
        ulong group = (hash & HashFormat.HashMask & ((1UL << hashBits) - 1)) << HashFormat.GroupShift;
        entry = null;
        shift = 0;
        byte* next = TablePointer(0, (pate & HashFormat.TableOrigin) | group, AccessKind.Load, rules, ref result);
        if (next == null)
            return false;

        // Bits of AVA below the base page count for nothing.
        ulong ignored = (1UL << Math.Max(0, baseShift - HashFormat.OmittedBits)) - 1;
        ulong abbreviated = segment.VirtualPage(ea) >> (HashFormat.OmittedBits - HashPageSizes.Smallest);
        for (int k = 0; k < HashFormat.GroupEntries; k++, next += HashFormat.EntryBytes)
        {
            ulong dw0 = BinaryPrimitives.ReverseEndianness(*(ulong*)next);
            if ((dw0 & (HashFormat.Valid | HashFormat.Secondary)) != (HashFormat.Valid | secondary))
                continue;
            ulong found = (dw0 & HashFormat.AbbreviatedAddress) >> HashFormat.AbbreviatedAddressShift;
            if (((found ^ abbreviated) & ~ignored) != 0)
                continue;
            ulong dw1 = BinaryPrimitives.ReverseEndianness(*(ulong*)(next + 8));
            if (((int)(dw1 >> HashFormat.SegmentSizeShift) & 3) != segment.SizeCode)
                continue;
            shift = HashPageSizes.Actual(baseShift, dw0, dw1);
            if (shift == 0)
                continue;
            entry = next;
            return true;
        }

        return true;
    }

    private void UseEntry(byte* entry, int shift, ulong ea, SegmentDescriptor segment, TranslationFault scope, AccessKind kind, in TranslationRules rules, ref Translation result)
    {
        ulong dw1 = BinaryPrimitives.ReverseEndianness(*(ulong*)(entry + 8));
        bool problem = (rules.Msr & Msr.PR) != 0;
        Protection authority = HashFormat.Authority(HashFormat.PageProtection(dw1), problem ? segment.ProblemKey : segment.PrivilegedKey);
        Protection executable = (dw1 & (HashFormat.NoExecute | HashFormat.Guarded)) != 0 || segment.NoExecute ? ~Protection.Execute : Protection.All;
        Protection key = rules.Keys ? KeyAuthority(HashFormat.Key(dw1)) : Protection.All;
        Protection allowed = authority & executable & key;
        Protection wanted = kind.Needs();
        if ((allowed & wanted) == 0 && !rules.AnyAuthority)
        {
            uint status = (executable & wanted) == 0 ? Dsisr.NoExecute : (authority & wanted) == 0 ? Dsisr.Protection : 0;
            Fail(scope, status | ((key & wanted) == 0 ? Dsisr.KeyProtection : 0), segment, ref result);
            return;
        }

        if (!rules.Quiet && !Mark(entry, ref dw1, kind))
        {
            result.Fault = scope;
            return;
        }

        if ((dw1 & HashFormat.Changed) == 0)
            allowed &= ~Protection.Write;
        ulong offsetMask = (1UL << shift) - 1;
        result.Real = (dw1 & HashFormat.RealPage & ~offsetMask) | (ea & offsetMask);
        result.Allowed = allowed;
    }

    // R and C. One byte each, as the hardware does: software may hold a lock in doubleword 0 and change others here.
    private bool Mark(byte* entry, ref ulong dw1, AccessKind kind)
    {
        ulong marked = dw1 | HashFormat.Referenced | (kind == AccessKind.Store ? HashFormat.Changed : 0);
        if (State->Concurrent != 0)
        {
            if (marked != dw1 && !ChangeEntry(entry + 8, BinaryPrimitives.ReverseEndianness(dw1), BinaryPrimitives.ReverseEndianness(marked)))
                return false;
        }
        else
        {
            entry[14] |= (byte)(HashFormat.Referenced >> 8);
            if (kind == AccessKind.Store)
                entry[15] |= (byte)HashFormat.Changed;
        }

        dw1 = marked;
        return true;
    }

    // Virtual page class key protection (ISA 3.0B Book III 5.7.12.2): two bits of AMR and IAMR for each key, key 0 first.
    private Protection KeyAuthority(int key)
    {
        int shift = 62 - (2 * key);
        ulong amr = State->Spr[SprNumber.AMR] >> shift;
        ulong iamr = State->Spr[SprNumber.IAMR] >> shift;
        return ((amr & 1) == 0 ? Protection.Read : 0) | ((amr & 2) == 0 ? Protection.Write : 0) | ((iamr & 1) == 0 ? Protection.Execute : 0);
    }

    private static void Fail(TranslationFault scope, uint status, SegmentDescriptor segment, ref Translation result)
    {
        result.Fault = scope;
        result.Status = status;
        result.Asdr = segment.Word;
    }
}
