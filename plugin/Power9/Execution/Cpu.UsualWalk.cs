using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// The usual case of a translation: radix trees that allow the access, with R (and C) set already. It reads what <see cref="Translate(ulong, AccessKind, out Translation)"/>
/// reads, and changes nothing; whatever is not usual it leaves to that, which begins anew. An access of a guest reads 24 entries, so it is worth a short way.
/// </summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Whether the short way is tried; tests compare it with the long one.</summary>
    internal bool WalksShort { get; set; } = true;

    private bool TranslateUsual(ulong ea, AccessKind kind, out Translation result)
    {
        CpuState* s = State;
        ulong msr = s->Msr;
        bool hv = (msr & Msr.HV) != 0;
        result = default;
        if (!WalksShort || (msr & (kind == AccessKind.Fetch ? Msr.IR : Msr.DR)) == 0 || (s->Spr[SprNumber.LPCR] & Lpcr.HR) == 0 || (ea & InvalidAddressBits) != 0)
            return false;
        int quadrant = (int)(ea >> 62);
        if (quadrant is 1 or 2)
            return false;

        // Tables and processes of the hypervisor are not translated once more.
        ulong lpid = hv ? 0 : s->Spr[SprNumber.LPIDR];
        ulong pid = quadrant == 3 ? 0 : s->Spr[SprNumber.PIDR];
        Translation ignored = default;
        if ((lpid == 0 && !hv) || !ReadPate(lpid, ea, new TranslationRules(msr, lpid, pid), out ulong root, out ulong processTable, ref ignored) || (root & RadixFormat.PateHR) == 0)
            return false;
        ulong size = RadixFormat.TableBytes(processTable);
        ulong table = processTable & RadixFormat.TableBase;
        ulong partition = lpid == 0 ? 0 : root;
        if ((table & (size - 1)) != 0 || (pid << 4) >= size || !ReadUsual(partition, table + (pid << 4), out ulong process))
            return false;

        Protection wanted = kind.Needs();
        ulong marks = RadixFormat.Marks(kind);
        if (!WalkUsual(partition, process, ea, wanted, marks, out ulong leaf, out ulong real))
            return false;

        // Keys, and pages that are not this privilege's.
        bool privileged = (leaf & RadixFormat.Privileged) != 0;
        if (privileged == ((msr & Msr.PR) != 0))
            return false;
        Protection allowed = Allowed(leaf);
        if (partition != 0)
        {
            ulong guestReal = real;
            if (guestReal >> RadixFormat.TreeBits != 0 || !WalkUsual(0, partition, guestReal, wanted, marks, out ulong second, out real))
                return false;
            allowed &= Allowed(second);
            result.Asdr = guestReal & ~0xFFFUL;
        }

        result.Real = real;
        result.Allowed = allowed;
        result.Cacheable = true;
        return true;
    }

    // What may be done without setting C.
    private static Protection Allowed(ulong leaf) => RadixFormat.Authority(leaf) & ((leaf & RadixFormat.Changed) == 0 ? ~Protection.Write : Protection.All);

    /// <summary>One tree down to a leaf that allows what is wanted and has the marks.</summary>
    /// <param name="partition">Root of the tree that translates the tables' addresses, or 0: they are real.</param>
    private bool WalkUsual(ulong partition, ulong root, ulong address, Protection wanted, ulong marks, out ulong leaf, out ulong real)
    {
        leaf = real = 0;
        if (RadixFormat.AddressBits(root) != RadixFormat.TreeBits)
            return false;
        ulong table = root & RadixFormat.RootBase;
        int indexBits = (int)(root & RadixFormat.RootSize);
        int bits = RadixFormat.TreeBits;
        for (int level = 0; RadixFormat.IsLevel(level, indexBits); level++)
        {
            bits -= indexBits;
            if (!ReadUsual(partition, RadixFormat.EntryAddress(table, indexBits, address, bits), out ulong entry) || (entry & RadixFormat.Valid) == 0)
                return false;
            if ((entry & RadixFormat.Leaf) != 0)
            {
                if (level == 0 || (entry & marks) != marks || (entry & RadixFormat.Attributes) == RadixFormat.NonIdempotent || (RadixFormat.Authority(entry) & wanted) == 0)
                    return false;
                leaf = entry;
                real = RadixFormat.RealAddress(entry, address, bits);
                return true;
            }

            table = entry & RadixFormat.NextBase;
            indexBits = (int)(entry & RadixFormat.NextSize);
        }

        return false;
    }

    // An entry of a table that may be seen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadUsual(ulong partition, ulong address, out ulong value)
    {
        value = 0;
        ulong real = address;
        if (partition != 0 && (address >> RadixFormat.TreeBits != 0 || !WalkUsual(0, partition, address, Protection.Read, RadixFormat.Referenced, out _, out real)))
            return false;
        RamRange? range = Memory.FindRam(real);
        if (range is null || (range.Secure && (State->Msr & Msr.S) == 0))
            return false;
        value = BinaryPrimitives.ReverseEndianness(*(ulong*)(range.Host + (real - range.Base)));
        return true;
    }
}
