using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using ELFSharp.ELF;
using RenodeUvmem.Platform;
using RenodeUvmem.Renode.Machines;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>
/// A POWER9 hardware thread with the Secure Memory Facility. By itself it runs bare-metal code on whatever memory is on its bus; with <see cref="Miscellaneous.OpalFirmware"/>
/// it boots Linux, with <see cref="Miscellaneous.PowerUltravisor"/> that Linux can run secure guests. Several on one bus are the threads of one machine.
/// </summary>
public sealed partial class Power9 : BaseCPU, IGPIOReceiver, IControllableCPU, ICpuSupportingGdb, ICPUWithMappedMemory, ICPUWithMMU, IAllRegisters
{
    /// <summary>At this speed an instruction takes one tick of the 512 MHz time base, as it does without Renode.</summary>
    public const uint NaturalMips = (uint)(PowerCpu.TimeBaseFrequency / 1_000_000);

    [Transient]
    private PowerMachine? shared;

    [Transient]
    private Processor? processor;

    /// <summary>A thread with <paramref name="cpuId"/> as its PIR.</summary>
    /// <exception cref="ConstructionException">An argument is not possible.</exception>
    public Power9(IMachine machine, string cpuType = "power9", uint cpuId = 0)
        : base(cpuId, cpuType, machine, Endianess.LittleEndian, CpuBitness.Bits64)
    {
        if (cpuType != "power9")
            throw new ConstructionException($"cpuType '{cpuType}' is not known; the only one is \"power9\"");
        if (cpuId > MaximumPir)
            throw new ConstructionException($"cpuId {cpuId} is not possible as a PIR; expected 0 to {MaximumPir}, thread 0 of core n being 4 * n");
        PerformanceInMips = NaturalMips;
        wakeTimer = NewWakeTimer();
    }

    // PIR bits of one POWER9 chip with 24 cores of 4 threads (POWER9 user manual, PIR).
    private const uint MaximumPir = 95;

    /// <inheritdoc/>
    public override string Architecture => "ppc64";

    /// <summary>Address of the next instruction.</summary>
    public override RegisterValue PC
    {
        get => Read(core => Nia(core));
        set => Change(core =>
        {
            SetNia(core, value.RawValue);
            entry = value.RawValue;
        });
    }

    /// <inheritdoc/>
    public override ulong ExecutedInstructions => shared is null ? 0 : Read(Executed);

    /// <summary>Whether hot code is translated, as at first. What is executed is the same without, only slower.</summary>
    public bool Translates
    {
        get => translates;
        set
        {
            translates = value;
            if (processor is not null)
                Change(core => core.Translator = value ? shared!.Translator : null);
        }
    }

    private bool translates = true;

    /// <summary>The CPU of the emulator's core, made on first use.</summary>
    internal PowerCpu Cpu => Processor.Cpu;

    /// <summary>The CPU as firmware sees it, made on first use.</summary>
    internal Processor Processor
    {
        get
        {
            if (processor is null)
                PowerMachine.Of(machine, this);
            return processor!;
        }
    }

    /// <summary>What the CPUs of this machine share, made on first use.</summary>
    internal PowerMachine Shared
    {
        get
        {
            _ = Processor;
            return shared!;
        }
    }

    /// <summary>As <see cref="Shared"/>, null before the first use.</summary>
    internal PowerMachine? SharedIfMade => shared;

    /// <summary>Where execution begins, as set by a loader or by hand; null before.</summary>
    internal ulong? Entry => entry;

    private ulong? entry;

    /// <summary>Takes the place in a machine that <see cref="PowerMachine"/> made.</summary>
    internal void Join(PowerMachine made, Processor mine)
    {
        shared = made;
        processor = mine;
        mine.Cpu.SetExternalInput(externalInput);
        mine.Cpu.Translator = translates ? made.Translator : null;
        ApplyHooks();
    }

    /// <inheritdoc/>
    public override void Start()
    {
        Shared.PowerOn();
        base.Start();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        entry = null;
        shared?.PowerOff();
        wakeTimer.Reset();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        shared?.Dispose();
    }

    // State is only looked at between turns.
    private T Read<T>(Func<PowerCpu, T> what)
    {
        PowerCpu core = Cpu;
        lock (shared!.Turn)
            return what(core);
    }

    private void Change(Action<PowerCpu> what)
    {
        PowerCpu core = Cpu;
        if (!OnPossessedThread)
            core.RequestReturn();
        lock (shared!.Turn)
            what(core);
    }

    private static unsafe ulong Nia(PowerCpu core) => core.State->Nia;

    private static unsafe ulong Executed(PowerCpu core) => (ulong)core.State->Executed;

    private static unsafe void SetNia(PowerCpu core, ulong value) => core.State->Nia = value & ~3UL;
}
