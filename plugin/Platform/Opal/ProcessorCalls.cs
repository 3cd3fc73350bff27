using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Opal;

/// <summary>The hardware threads as firmware handles them.</summary>
public interface IProcessors
{
    /// <summary>The thread of a PIR, or null.</summary>
    Processor? Find(ulong pir);

    /// <summary>All threads.</summary>
    IReadOnlyList<Processor> All { get; }
}

/// <summary>OPAL_START_CPU and what else concerns threads.</summary>
public sealed unsafe class ProcessorCalls(IProcessors processors) : IOpalCalls
{
    // OPAL_REINIT_CPUS flags (Linux opal-api.h).
    private const ulong HileBigEndian = 1 << 0;
    private const ulong HileLittleEndian = 1 << 1;
    private const ulong MmuHash = 1 << 2;
    private const ulong MmuRadix = 1 << 3;

    // HID0 bit 8, radix translation for the host (POWER9 user manual); the MMU model follows LPCR and PATE alone, so it is only kept.
    private const ulong Hid0Radix = 1UL << (63 - 8);

    // Thread states of OPAL_QUERY_CPU_STATUS (Linux opal-api.h, enum OpalThreadStatus).
    private const byte ThreadInactive = 0;
    private const byte ThreadStarted = 1;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.START_CPU, Start);
        table.Add(OpalToken.QUERY_CPU_STATUS, QueryStatus);
        table.Add(OpalToken.RETURN_CPU, Return);
        table.Add(OpalToken.REINIT_CPUS, Reinit);
        table.Add(OpalToken.SIGNAL_SYSTEM_RESET, SignalSystemReset);

        // Calls complete at once, so no other thread is ever inside of firmware and has to be waited for.
        table.Add(OpalToken.QUIESCE, _ => OpalReturn.SUCCESS);

        // All threads read the one time base.
        table.Add(OpalToken.RESYNC_TIMEBASE, _ => OpalReturn.SUCCESS);

        // There is no nest MMU whose PTCR could be set; Linux takes that for an answer.
        table.Add(OpalToken.NMMU_SET_PTCR, _ => OpalReturn.UNSUPPORTED);
    }

    // (PIR, address).
    private OpalReturn Start(OpalCall call)
    {
        Processor? processor = processors.Find(call[0]);
        if (processor is null)
            return OpalReturn.PARAMETER;
        if (processor.IsStarted)
            return OpalReturn.WRONG_STATE;
        processor.Start(call[1], processor.Cpu.Pir);
        return OpalReturn.SUCCESS;
    }

    // (PIR, &status as 8 bits).
    private OpalReturn QueryStatus(OpalCall call)
    {
        Processor? processor = processors.Find(call[0]);
        return processor is not null && call.Memory.TryWrite8(call[1], processor.IsStarted ? ThreadStarted : ThreadInactive)
            ? OpalReturn.SUCCESS
            : OpalReturn.PARAMETER;
    }

    // (PIR): a non-maskable interrupt to one thread. The codes for "all" and "all others" are negative PIRs, which Linux does not use.
    private OpalReturn SignalSystemReset(OpalCall call)
    {
        Processor? processor = processors.Find(call[0]);
        if (processor is not { IsStarted: true })
            return OpalReturn.PARAMETER;
        processor.Cpu.SetPending(PendingInterrupt.SystemReset, true);
        return OpalReturn.SUCCESS;
    }

    private OpalReturn Return(OpalCall call)
    {
        processors.Find(call.Cpu.Pir)!.Park();
        return OpalReturn.SUCCESS;
    }

    // Sets the endianness of interrupts to hypervisor state and which MMUs the host may use. Transactional memory is not there to be set.
    private OpalReturn Reinit(OpalCall call)
    {
        ulong flags = call[0];
        if ((flags & ~(HileBigEndian | HileLittleEndian | MmuHash | MmuRadix)) != 0)
            return OpalReturn.UNSUPPORTED;
        foreach (Processor processor in processors.All)
        {
            ulong* hid0 = &processor.Cpu.State->Spr[SprNumber.HID];
            if ((flags & HileBigEndian) != 0)
                *hid0 &= ~Hid0.HILE;
            if ((flags & HileLittleEndian) != 0)
                *hid0 |= Hid0.HILE;
            if ((flags & (MmuHash | MmuRadix)) != 0)
                *hid0 = (flags & MmuRadix) != 0 ? *hid0 | Hid0Radix : *hid0 & ~Hid0Radix;
        }

        return OpalReturn.SUCCESS;
    }
}
