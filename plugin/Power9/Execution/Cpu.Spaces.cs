using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Which address spaces are current, and what invalidates them.</summary>
public sealed unsafe partial class Cpu
{
    private readonly AddressSpaces spaces = new();

    /// <summary>Address spaces with TLBs; not more than <see cref="AddressSpaces.Limit"/>.</summary>
    public int CachedSpaces => spaces.Count;
    private readonly KeyAuthorities authorities = new();
    private AddressSpace? data0, data1, code0, code1;

    /// <summary>
    /// Changes the MSR and re-selects address spaces. Bits that this CPU does not have are dropped. <paramref name="completing"/> is 1 if the instruction under
    /// way does so and completes, not an interrupt.
    /// </summary>
    public void SetMsr(ulong msr, int completing = 0)
    {
        const ulong Reserved = Msr.S | Msr.HV | Msr.PR;
        msr &= Msr.Implemented;
        if ((msr & Reserved) == Reserved)
            CheckStop($"MSR 0x{msr:x}: S=1, HV=1, PR=1 is a reserved state (next instruction 0x{State->Nia:x})");
        ulong before = State->Msr;
        bool counting = monitor.DependsOnMsr;
        if (counting)
            monitor.Settle(completing);
        State->Msr = msr;
        if (counting)
            monitor.Select();
        SelectFacilities();
        SelectSpaces();
        if (((before ^ msr) & (Msr.S | Msr.HV)) != 0)
            TellActivity();
    }

    // HFSCR[FP] and HFSCR[VECVSX] overrule MSR in problem and privileged non-hypervisor state (ISA 3.0B Book III 6.2.12).
    private void SelectFacilities()
    {
        ulong msr = State->Msr;
        ulong denied = 0;
        if ((msr & Msr.HV) == 0)
        {
            ulong hfscr = State->Spr[SprNumber.HFSCR];
            if ((hfscr & (1UL << FacilityNumber.FloatingPoint)) == 0)
                denied |= Msr.FP;
            if ((hfscr & (1UL << FacilityNumber.VectorVsx)) == 0)
                denied |= Msr.VEC | Msr.VSX;
        }

        State->Facilities = msr & Msr.FacilityBits & ~denied;
    }

    /// <summary>Makes the state's TLB pointers fit MSR, PIDR, LPIDR, AMR and IAMR. The decode mode is part of the instruction tag.</summary>
    public void SelectSpaces()
    {
        CpuState* s = State;
        if ((s->Spr[SprNumber.LPCR] & Lpcr.HR) == 0)
        {
            SelectHashSpaces();
            return;
        }

        ulong msr = s->Msr;
        ulong lpid = s->Spr[SprNumber.LPIDR];
        ulong pid = s->Spr[SprNumber.PIDR];
        bool dr = (msr & Msr.DR) != 0;
        bool ir = (msr & Msr.IR) != 0;
        ulong amr = s->Spr[SprNumber.AMR] >> 62;
        data0 = spaces.Get(AddressSpaceKey.Make(msr, dr, false, lpid, pid, amr));
        data1 = spaces.Get(AddressSpaceKey.Make(msr, dr, true, lpid, pid, amr));

        // A space serves loads and fetches of the same tag; fetches add IAMR's key 0 and the decode mode.
        ulong iamr = (s->Spr[SprNumber.IAMR] >> 62) & 1;
        ulong mode = (ulong)DecodeMode.Of(msr) << 10;
        code0 = spaces.Get(AddressSpaceKey.Make(msr, ir, false, lpid, pid, iamr == 0 ? amr : amr | 4) | mode);
        code1 = spaces.Get(AddressSpaceKey.Make(msr, ir, true, lpid, pid, 0) | mode);
        PointToSpaces();
    }

    private void SelectHashSpaces()
    {
        CpuState* s = State;
        ulong msr = s->Msr;
        ulong lpid = s->Spr[SprNumber.LPIDR];
        ulong pid = s->Spr[SprNumber.PIDR];
        bool dr = (msr & Msr.DR) != 0;
        bool ir = (msr & Msr.IR) != 0;
        bool renumbered = false;
        ulong amr = authorities.Number(s->Spr[SprNumber.AMR], ref renumbered);
        ulong iamr = authorities.Number(s->Spr[SprNumber.IAMR], ref renumbered);
        if (renumbered)
        {
            foreach (AddressSpace space in spaces.All)
            {
                if ((space.Key & AddressSpaceKey.KindMask) == AddressSpaceKey.Hash)
                    space.Flush();
            }

            amr = authorities.Number(s->Spr[SprNumber.AMR], ref renumbered);
        }

        data0 = spaces.Get(AddressSpaceKey.MakeHash(msr, dr, false, lpid, pid, amr));
        data1 = spaces.Get(AddressSpaceKey.MakeHash(msr, dr, true, lpid, pid, amr));
        ulong mode = (ulong)DecodeMode.Of(msr) << 10;
        code0 = spaces.Get(AddressSpaceKey.MakeHash(msr, ir, false, lpid, pid, iamr) | mode);
        code1 = spaces.Get(AddressSpaceKey.MakeHash(msr, ir, true, lpid, pid, iamr) | mode);
        PointToSpaces();
    }

    private void PointToSpaces()
    {
        CpuState* s = State;
        s->DataTlb0 = data0!.Data;
        s->DataTlb1 = data1!.Data;
        s->CodeTlb0 = code0!.Code;
        s->CodeTlb1 = code1!.Code;
        FollowCodeTlb();
    }

    // Execution goes on in its page without its translation. The next run looks the page up, which may set R: so that it does not matter where runs end,
    // this one ends where the entry goes away.
    private void FollowCodeTlb()
    {
        CpuState* s = State;
        ulong page = s->CodePageEa;
        CodeTlbEntry* entry = (&s->CodeTlb0)[page >> 63] + ((page >> 12) & (CodeTlbEntry.Count - 1));
        if (entry->Tag != page)
            s->StopAfterThisInstruction();
    }

    /// <summary>Drops cached translations of a partition: all (pid null) or of one process.</summary>
    public void InvalidateTranslations(ulong lpid, ulong? pid = null)
    {
        foreach (AddressSpace space in spaces.All)
        {
            ulong key = space.Key;
            if (AddressSpaceKey.IsOf(key, lpid) && (pid is not { } p || AddressSpaceKey.Pid(key) == p || AddressSpaceKey.IsGuestReal(key)))
                space.Flush();
        }

        FollowCodeTlb();
    }

    /// <summary>Drops cached translations of a range of effective addresses of one process.</summary>
    public void InvalidateRange(ulong lpid, ulong pid, ulong ea, ulong size)
    {
        foreach (AddressSpace space in spaces.All)
        {
            if (AddressSpaceKey.IsOf(space.Key, lpid) && AddressSpaceKey.Pid(space.Key) == pid)
                space.FlushRange(ea, size);
        }

        FollowCodeTlb();
    }

    /// <summary>Drops everything cached.</summary>
    public void InvalidateAllTranslations()
    {
        spaces.FlushAll();
        FollowCodeTlb();
    }

    // Drops what segments of some halves led to: one of them is no more.
    private void ForgetSegments(Halves halves)
    {
        if (halves == Halves.None)
            return;
        foreach (AddressSpace space in spaces.All)
        {
            if (AddressSpaceKey.IsSegmented(space.Key, halves))
                space.Flush();
        }

        FollowCodeTlb();
    }
}
