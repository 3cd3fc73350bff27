using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>A reason for a register to differ after an instruction.</summary>
/// <param name="Class">What is counted.</param>
/// <param name="Text">Instruction, register and the sentence that explains it.</param>
/// <param name="Fits">Whether it explains this field of the two sets after this step.</param>
/// <param name="After">What else to take over from the peer, or null.</param>
internal sealed record Deviation(DivergenceClass Class, string Text, Func<Replica, int, ulong, ulong, bool> Fits, Action<Replica>? After = null);

/// <summary>All reasons that are known. What none of them explains fails the run.</summary>
internal static class Deviations
{
    // Instructions without the bits of their operands.
    private const uint OperandMask = 0xFC0007FE;
    private const uint ReadSpr = 0x7C0002A6;
    private const uint WriteSpr = 0x7C0003A6;
    private const uint ReadTime = 0x7C0002E6;
    private const uint DeliverRandom = 0x7C0005E6;
    private const uint ReturnFromInterrupt = 0x4C000024;
    private const uint ReturnFromVectored = 0x4C0000A4;
    private const uint ReturnToGuest = 0x4C000224;
    private const uint MultiplyHigh = 0x7C000096;
    private const uint MultiplyHighUnsigned = 0x7C000016;

    private const uint LoadWordIndexed = 0x7C00002E;

    // Access failed, access done, status (Linux xscom, skiboot's hw/xscom.c).
    private const ulong ScomInHmer = (3UL << (63 - 9)) | (7UL << (63 - 23));

    // v2.05 to v3.0, and the three that switch off facilities (Linux reg.h).
    private const ulong DefinedInPcr = (7UL << 61) | 0x1E;

    private static readonly Deviation[] All =
    [
        new(DivergenceClass.DeviceRead, "load from a device: its answer", (replica, field, _, _) => replica.DeviceReads > 0 && IsTarget(replica, field)),
        new(DivergenceClass.DeviceRead, "mfspr HMER: what the device behind a SCOM access reported", (replica, field, own, peer) =>
            IsTarget(replica, field) && IsMoveFrom(replica, SprNumber.HMER) && ((own ^ peer) & ~ScomInHmer) == 0,
            replica => replica.Cpu.WriteSpr(SprNumber.HMER, replica.Gpr(Target(replica)))),
        new(DivergenceClass.DeviceWrite, "lwzx in firmware: an event that the interrupt controller wrote to its queue in memory", (replica, field, _, peer) =>
            IsTarget(replica, field) && Is(replica, LoadWordIndexed) && replica.FindDeviceWrite((uint)peer) is not null, replica => replica.TakeDeviceWrite()),
        new(DivergenceClass.Time, "mftb, mfspr of TB, DEC, HDEC, PURR, SPURR, VTB: time", (replica, field, _, _) =>
            IsTarget(replica, field) && (Is(replica, ReadTime) || (Is(replica, ReadSpr) && PeerSprs.IsTime(SprOf(replica.Word))))),
        new(DivergenceClass.Random, "darn: a random number", (replica, field, _, _) => Is(replica, DeliverRandom) && IsTarget(replica, field)),
        new(DivergenceClass.Open, "mulhw[u] RT: I 3.3.9: bits 0:31 are undefined; POWER9 has the result there again", (replica, field, own, peer) =>
            IsTarget(replica, field) && Is(replica, MultiplyHigh, MultiplyHighUnsigned) && (uint)own == (uint)peer),
        new(DivergenceClass.Open, "rfid, rfscv, hrfid, reservation: II 1.7.2.1: an implementation may lose reservations; QEMU does there", (replica, field, own, peer) =>
            field == Field.Reservation && peer == 0 && Is(replica, ReturnFromInterrupt, ReturnFromVectored, ReturnToGuest)),
        new(DivergenceClass.PeerWrong, "mtspr VRSAVE: I 3.2.3: VRSAVE is a 32-bit register; QEMU keeps 64 bits", (replica, field, own, peer) =>
            field == Field.VRSAVE && (uint)own == (uint)peer && Is(replica, WriteSpr) && SprOf(replica.Word) == SprNumber.VRSAVE),
        new(DivergenceClass.PeerWrong, "mfspr VRSAVE: as mtspr", (replica, field, own, peer) =>
            IsTarget(replica, field) && (uint)own == (uint)peer && IsMoveFrom(replica, SprNumber.VRSAVE)),
        new(DivergenceClass.PeerWrong, "mfspr 823: III 5.4.4: SPR 823 is PSSCR for privileged state; QEMU does nothing", (replica, field, _, _) =>
            IsTarget(replica, field) && IsMoveFrom(replica, SprNumber.PSSCR_Supervisor)),
        new(DivergenceClass.PeerWrong, "mfspr ASDR: it has the page's address (Linux kvmppc_book3s_radix_page_fault takes bits 52:63 from the EA); QEMU leaves the offset in it", (replica, field, own, peer) =>
            IsTarget(replica, field) && IsMoveFrom(replica, SprNumber.ASDR) && SamePage(own, peer)),
        new(DivergenceClass.PeerWrong, "mfspr, mtspr of a facility's register below hypervisor state: III 6.2.12: with its bit of HFSCR 0 the facility is unavailable; QEMU does not look",
            (replica, field, _, _) => IsHiddenFacility(replica) && (field is Field.NIA or Field.MSR or Field.HSRR0 or Field.HSRR1 || (IsTarget(replica, field) && Is(replica, ReadSpr))),
            replica =>
            {
                replica.TakeBackHidden();
                if (Is(replica, WriteSpr))
                    replica.Cpu.WriteSpr(SprOf(replica.Word), replica.Gpr(Target(replica)));
            }),
    ];

    private static readonly (int Spr, Func<ulong, ulong, bool> Fits, Deviation Reason)[] AllAtTheEnd =
    [
        (SprNumber.VRSAVE, (own, peer) => (uint)own == (uint)peer, Told(DivergenceClass.PeerWrong, "VRSAVE at the end: as mtspr")),
        (SprNumber.ASDR, SamePage, Told(DivergenceClass.PeerWrong, "ASDR at the end: as mfspr")),
        (SprNumber.HMER, (own, peer) => ((own ^ peer) & ~ScomInHmer) == 0, Told(DivergenceClass.DeviceRead, "HMER at the end: as mfspr")),
        (SprNumber.PCR, (own, peer) => ((own ^ peer) & DefinedInPcr) == 0, Told(
            DivergenceClass.Open, "PCR at the end: I 1.3.3: a reserved bit reads as 0 or 1 after 1 was written; Linux writes all of them (reg.h, PCR_MASK)")),
    ];

    private static readonly Deviation KeptLowHalf = Told(
        DivergenceClass.Open, "mtvsrd, lxsd and the like: I 7.6.3: doubleword 1 is undefined; it becomes 0 here, QEMU keeps it, and so did this step");

    private static readonly Deviation IgnoredWrite =
        new(DivergenceClass.PeerWrong, "mtspr 823: as mfspr; what it wrote is taken back here", (_, _, _, _) => false, replica => replica.TakeBackHidden());

    /// <summary>The reason for a field to differ after the last step, or null.</summary>
    public static Deviation? Of(Replica replica, int field, ulong own, ulong peer) => All.FirstOrDefault(one => one.Fits(replica, field, own, peer));

    /// <summary>The reason why something that the log does not show was done otherwise in the last step, or null.</summary>
    public static Deviation? Unseen(Replica replica)
    {
        if (replica.KeptLowHalf)
            return KeptLowHalf;
        return Is(replica, WriteSpr) && SprOf(replica.Word) == SprNumber.PSSCR_Supervisor ? IgnoredWrite : null;
    }

    /// <summary>The reason why an SPR that the log does not show holds something else at a window's end, or null.</summary>
    public static Deviation? AtTheEnd(int spr, ulong own, ulong peer) => AllAtTheEnd.FirstOrDefault(one => one.Spr == spr && one.Fits(own, peer)).Reason;

    /// <summary>Whether two doublewords of memory are the first of a valid event queue of XIVE (skiboot's xive-p9-regs.h, EQ_W0 and EQ_W1) and differ in its place alone.</summary>
    public static bool IsQueueProgress(ulong own, ulong peer)
    {
        const ulong Valid = 1UL << 63;
        const ulong GenerationAndOffset = 0x7FFFFF;
        return (own & peer & Valid) != 0 && ((own ^ peer) & ~GenerationAndOffset) == 0;
    }

    // The step took Hypervisor Facility Unavailable for a move of an SPR that HFSCR has switched off.
    private static bool IsHiddenFacility(Replica replica) =>
        replica.Vector == Vector.HypervisorFacilityUnavailable && Is(replica, ReadSpr, WriteSpr) && SprTable.Find(SprOf(replica.Word)) is { Facility: >= 0 } row
        && (replica.Cpu.ReadSpr(SprNumber.HFSCR) & (1UL << row.Facility)) == 0;

    private static Deviation Told(DivergenceClass kind, string text) => new(kind, text, (_, _, _, _) => false);

    private static bool SamePage(ulong own, ulong peer) => (own ^ peer) < 0x1000 && (own & 0xFFF) == 0;

    private static bool Is(Replica replica, params uint[] instructions) => instructions.Contains(replica.Word & OperandMask);

    private static bool IsMoveFrom(Replica replica, int spr) => Is(replica, ReadSpr) && SprOf(replica.Word) == spr;

    // RT of the last step.
    private static int Target(Replica replica) => (int)((replica.Word >> 21) & 31);

    private static bool IsTarget(Replica replica, int field) => field == Field.Gpr0 + Target(replica);

    private static int SprOf(uint word) => (int)(((word >> 16) & 31) | ((word >> 6) & 0x3E0));
}
