using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>SPRs whose access does more than move a value.</summary>
public sealed unsafe partial class Cpu
{
    private readonly long[] ignoredSprs = new long[1024];

    /// <summary>Accesses to SPR numbers that POWER9 leaves undefined and treats as no-operation, by number.</summary>
    public IReadOnlyList<long> IgnoredSprs => ignoredSprs;

    internal void CountIgnoredSpr(int number) => ignoredSprs[number & 1023]++;

    /// <summary>Value of a special SPR; privilege was checked.</summary>
    public ulong ReadSpecialSpr(int number)
    {
        CpuState* s = State;
        switch (number)
        {
            case SprNumber.XER:
                return s->Xer;
            case SprNumber.UDSCR:
                return s->Spr[SprNumber.DSCR];
            case SprNumber.UAMR:
                return s->Spr[SprNumber.AMR];
            case SprNumber.TEXASRU:
                return s->Spr[SprNumber.TEXASR] >> 32;
            case SprNumber.CTRL_Read:
                return s->Spr[SprNumber.CTRL];
            case SprNumber.USPRG3:
                return s->Spr[SprNumber.SPRG3];
            case SprNumber.TB_Read:
            case SprNumber.TBU_Read:
                if (s->Concurrent != 0)
                    SeeTime();
                return number == SprNumber.TB_Read ? TimeBase : TimeBase >> 32;
            case SprNumber.DEC:
                return ReadDec();
            case SprNumber.HDEC:
                return ReadHdec();
            case SprNumber.SPURR:
            case SprNumber.PURR:
            case SprNumber.VTB:
                return s->Spr[number] + Ticks;
            case SprNumber.DPDES:
                return (pending & PendingInterrupt.PrivilegedDoorbell) != 0 ? 1UL : 0;
            case SprNumber.MMCR0_User:
                return s->Spr[SprNumber.MMCR0] & Mmcr0.User;
            case SprNumber.MMCR2_User:
                return s->Spr[SprNumber.MMCR2] & Mmcr2.User;
            case >= SprNumber.PMC1_User and < SprNumber.PMC1_User + PerformanceMonitor.Count:
                return ReadCounter(number + 16);
            case >= SprNumber.SIER_User and <= SprNumber.MMCR1_User:
                return s->Spr[number + 16];
            case >= SprNumber.PMC1 and < SprNumber.PMC1 + PerformanceMonitor.Count:
                return ReadCounter(number);
            case SprNumber.BESCRS:
            case SprNumber.BESCRR:
                return s->Spr[SprNumber.BESCR];
            case SprNumber.BESCRSU:
            case SprNumber.BESCRRU:
                return s->Spr[SprNumber.BESCR] >> 32;
            case SprNumber.PSSCR_Supervisor:
                return s->Spr[SprNumber.PSSCR] & PsscrSupervisorMask;
            case SprNumber.PPR32:
                return s->Spr[SprNumber.PPR] >> 32;
            default:
                return s->Spr[number];
        }
    }

    /// <summary>Writes a special SPR; privilege was checked.</summary>
    public void WriteSpecialSpr(int number, ulong value)
    {
        CpuState* s = State;
        switch (number)
        {
            case SprNumber.XER:
                s->Xer = value;
                break;
            case SprNumber.UDSCR:
                s->Spr[SprNumber.DSCR] = value;
                break;
            case SprNumber.UAMR:
                ulong writable = s->Spr[SprNumber.UAMOR];
                s->Spr[SprNumber.AMR] = (value & writable) | (s->Spr[SprNumber.AMR] & ~writable);
                SelectSpaces();
                break;
            case SprNumber.DSISR:
            case SprNumber.HDSISR:
            case SprNumber.HEIR:
            case SprNumber.VRSAVE:
                s->Spr[number] = (uint)value;
                break;
            case SprNumber.DEC:
                WriteDec(value);
                break;
            case SprNumber.HDEC:
                WriteHdec(value);
                break;
            case SprNumber.AMR:
            case SprNumber.IAMR:
                s->Spr[number] = value;
                SelectSpaces();
                break;
            case SprNumber.PIDR:
                s->Spr[number] = value & 0xFFFFF;
                SelectSpaces();
                break;
            case SprNumber.LPIDR:
                s->Spr[number] = value & 0xFFF;
                SelectSpaces();
                break;
            case SprNumber.TEXASRU:
                s->Spr[SprNumber.TEXASR] = (uint)s->Spr[SprNumber.TEXASR] | (value << 32);
                break;
            case SprNumber.DPDES:
                SetPending(PendingInterrupt.PrivilegedDoorbell, (value & 1) != 0);
                break;
            case SprNumber.TBL:
                SetTimeBase((TimeBase & 0xFFFFFFFF00000000) | (uint)value);
                break;
            case SprNumber.TBU:
                SetTimeBase((uint)TimeBase | (value << 32));
                break;
            case SprNumber.TBU40:
                SetTimeBase((TimeBase & 0xFFFFFF) | (value & ~0xFFFFFFUL));
                break;
            case SprNumber.SPURR:
            case SprNumber.PURR:
            case SprNumber.VTB:
                s->Spr[number] = value - Ticks;
                break;
            case SprNumber.HFSCR:
                s->Spr[number] = value;
                SelectFacilities();
                break;
            case SprNumber.HRMOR:
                s->Spr[number] = value & OffsetRegisterMask;
                InvalidateAllTranslations();
                break;
            case SprNumber.URMOR:
                s->Spr[number] = value & OffsetRegisterMask;
                InvalidateAllTranslations();
                break;
            case SprNumber.LPCR:
                bool otherKind = ((s->Spr[number] ^ value) & Lpcr.HR) != 0;
                s->Spr[number] = value;
                if (otherKind)
                    SelectSpaces();
                s->StopAfterThisInstruction();
                break;
            case SprNumber.HMER:
                // Writing clears bits.
                s->Spr[number] &= value;
                break;
            case SprNumber.PTCR:
                s->Spr[number] = value;
                InvalidateEverywhere();
                break;
            case SprNumber.MMCR0_User:
                WriteMonitor(SprNumber.MMCR0, (s->Spr[SprNumber.MMCR0] & ~Mmcr0.User) | (value & Mmcr0.User));
                break;
            case SprNumber.MMCR2_User:
                WriteMonitor(SprNumber.MMCR2, (s->Spr[SprNumber.MMCR2] & ~Mmcr2.User) | (value & Mmcr2.User));
                break;
            case SprNumber.MMCR0:
            case SprNumber.MMCR1:
            case SprNumber.MMCR2:
            case SprNumber.CTRL:
            case >= SprNumber.PMC1 and < SprNumber.PMC1 + PerformanceMonitor.Count:
                WriteMonitor(number, value);
                break;
            case >= SprNumber.PMC1_User and < SprNumber.PMC1_User + PerformanceMonitor.Count:
                WriteMonitor(number + 16, value);
                break;
            case >= SprNumber.SIER_User and <= SprNumber.MMCR1_User:
                s->Spr[number + 16] = value;
                break;
            case SprNumber.DAWR0:
            case SprNumber.DAWRX0:
                s->Spr[number] = value;
                FollowWatchpoint();
                break;
            case SprNumber.CIABR:
                s->Spr[number] = value;
                FollowCiabr();
                break;
            case SprNumber.BESCR:
                s->Spr[number] = value;
                CheckEventsSoon();
                break;
            case SprNumber.BESCRS:
                s->Spr[SprNumber.BESCR] |= value;
                CheckEventsSoon();
                break;
            case SprNumber.BESCRSU:
                s->Spr[SprNumber.BESCR] |= value << 32;
                CheckEventsSoon();
                break;
            case SprNumber.BESCRR:
                s->Spr[SprNumber.BESCR] &= ~value;
                break;
            case SprNumber.BESCRRU:
                s->Spr[SprNumber.BESCR] &= ~(value << 32);
                break;
            case SprNumber.PSSCR_Supervisor:
                s->Spr[SprNumber.PSSCR] = (s->Spr[SprNumber.PSSCR] & ~PsscrSupervisorMask) | (value & PsscrSupervisorMask);
                break;
            case SprNumber.PPR32:
                s->Spr[SprNumber.PPR] = (uint)s->Spr[SprNumber.PPR] | (value << 32);
                break;
            default:
                s->Spr[number] = value;
                break;
        }
    }

    // HRMOR and URMOR hold multiples of 2 MiB: that URMOR's low 21 bits do not exist follows from the constants that firmware subtracts
    // for the erratum. Offsets finer than a page could not be mapped at all.
    private const ulong OffsetRegisterMask = ~0x1FFFFFUL;

    // PSSCR fields that privileged non-hypervisor software sees: PLS, SD, ESL, EC, PSLL, TR, MTL, RL (ISA 3.0B Book III 3.3.3).
    private const ulong PsscrSupervisorMask = 0xF0000000003003FF;

    /// <summary>What mtspr puts into URMOR: POWER9 (PVR 0x4E) adds the instruction's own word to it, and firmware subtracts that first (hostboot src/kernel/shutdown.S, src/bootloader/bl_start.S).</summary>
    internal ulong WithUrmorErratum(ulong value, uint word) => State->Spr[SprNumber.PVR] >> 16 == 0x4E ? value + word : value;
}
