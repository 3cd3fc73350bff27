using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Time base and decrementers: functions of executed and skipped instructions, nothing else.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Time base ticks per second. One instruction is one tick: virtual time is that of a machine with 512 million instructions a second.</summary>
    public const ulong TimeBaseFrequency = 512_000_000;

    /// <summary>Bits of the large decrementer (LPCR[LD]=1).</summary>
    public const int LargeDecrementerBits = 56;

    // One less than the largest distance: the instruction after the deadline must still be countable.
    private const ulong Never = long.MaxValue - 1;

    private ulong timeBaseOffset;
    private ulong decExpiry = Never;
    private ulong hdecExpiry = Never;

    // HDEC has not gone negative since it was last 0 or positive.
    private bool hdecArmed = true;

    /// <summary>Ticks of idle time skipped so far.</summary>
    public ulong SkippedTicks { get; private set; }

    /// <summary>Virtual time in ticks since power-on: executed instructions and skipped idle time.</summary>
    public ulong Ticks => (ulong)State->Executed + SkippedTicks;

    /// <summary>The TB register.</summary>
    public ulong TimeBase => Ticks + timeBaseOffset;

    /// <summary>Ticks until DEC or HDEC turns negative; <see cref="long.MaxValue"/> if both already are: one that is negative has had its effect.</summary>
    public long TicksToTimer
    {
        get
        {
            ulong now = Ticks;
            long dec = (long)(decExpiry - now);
            long hdec = (long)(hdecExpiry - now);
            long soonest = long.MaxValue;
            if (dec >= 0)
                soonest = dec + 1;
            if (hdec >= 0 && hdec + 1 < soonest)
                soonest = hdec + 1;
            return soonest;
        }
    }

    /// <summary>Lets time pass while the thread is stopped.</summary>
    public void Skip(ulong ticks) => SkippedTicks += ticks;

    private void SetTimeBase(ulong value) => timeBaseOffset = value - Ticks;

    private ulong ReadDec() => Truncated(decExpiry - Ticks, (State->Spr[SprNumber.LPCR] & Lpcr.LD) != 0);

    private ulong ReadHdec() => Truncated(hdecExpiry - Ticks, large: true);

    private void WriteDec(ulong value)
    {
        decExpiry = Ticks + Extended(value, (State->Spr[SprNumber.LPCR] & Lpcr.LD) != 0);
        State->StopAfterThisInstruction();
    }

    private void WriteHdec(ulong value)
    {
        long ticks = (long)Extended(value, large: true);
        hdecArmed = ticks >= 0 || (long)(hdecExpiry - Ticks) >= 0;
        hdecExpiry = Ticks + (ulong)ticks;
        if (ticks >= 0)
            SetPending(PendingInterrupt.HypervisorDecrementer, false);
        State->StopAfterThisInstruction();
    }

    // A large decrementer reads sign-extended; the small one zero-extended (ISA 3.0B Book III 7.4).
    private static ulong Truncated(ulong value, bool large) => large ? Extended(value, true) : (uint)value;

    private static ulong Extended(ulong value, bool large) =>
        large ? (ulong)((long)(value << (64 - LargeDecrementerBits)) >> (64 - LargeDecrementerBits)) : (ulong)(int)value;

    private void UpdateTimers()
    {
        UpdateMonitor();
        ulong now = Ticks;
        SetPending(PendingInterrupt.Decrementer, (long)(decExpiry - now) < 0);
        if (hdecArmed && (long)(hdecExpiry - now) < 0)
        {
            // HDEC's exception is the change to negative, and with LPCR[HDICE]=0 POWER9 has none (Linux kvmhv_vcpu_entry_p9).
            hdecArmed = false;
            if ((State->Spr[SprNumber.LPCR] & Lpcr.HDICE) != 0)
                SetPending(PendingInterrupt.HypervisorDecrementer, true);
        }
    }

    // Runs end where a decrementer or a counter turns negative, so that its interrupt is exact.
    private long InstructionsToDeadline() => Math.Min(TicksToTimer, monitor.ToCondition);
}
