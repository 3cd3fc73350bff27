using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Renode.Machines;

/// <summary>Power-on: looks what is on the bus, builds ultravisor and firmware, and gives the first CPU to the kernel.</summary>
internal sealed unsafe partial class PowerMachine
{
    private bool powered;
    private int pauses;

    /// <summary>The ultravisor, null before power-on and on a plain machine.</summary>
    public UltravisorModel? Ultravisor { get; private set; }

    /// <summary>The firmware, null before power-on and for bare-metal code.</summary>
    public OpalFirmware? Firmware { get; private set; }

    /// <summary>Powers on if that was not done. Happens before the first instruction.</summary>
    /// <exception cref="RecoverableException">Something is missing on the bus; the text says what to add.</exception>
    public void PowerOn()
    {
        if (powered)
            return;
        lock (Turn)
        {
            if (powered)
                return;
            try
            {
                Build(restoring: false);
            }
            catch (OptionException e)
            {
                throw new RecoverableException(e.Message);
            }

            powered = true;
        }
    }

    /// <summary>Back to the state before power-on. RAM keeps its content.</summary>
    public void PowerOff()
    {
        lock (Turn)
        {
            powered = false;
            Ultravisor?.Dispose();
            Ultravisor = null;
            Firmware = null;
            foreach ((_, Processor processor) in members)
                processor.Reset();
        }
    }

    /// <summary>
    /// True while the CPUs stand still for <see cref="Pause"/> although Renode's time goes on: a <c>RunFor</c> can't be ended before its time. The next start ends it.
    /// </summary>
    public bool IsHeld { get; set; }

    /// <summary>Pauses the emulation after the current instruction.</summary>
    public void Pause() => Defer(PauseNow);

    /// <summary>Stops after the current instruction for somebody to look: in the debugger if the CPU has one, else by a pause of the emulation.</summary>
    public void Break() => Defer(() =>
    {
        if (Current?.StopForDebugger() != true)
            PauseNow();
    });

    /// <summary>Whether this is the first CPU that pauses since the last start; asking makes it so.</summary>
    public bool IsFirstToPause() => Interlocked.Exchange(ref pauses, 1) == 0;

    /// <summary>A CPU starts again.</summary>
    public void PauseEnds() => pauses = 0;

    /// <summary>The guest asked for power off or reboot: nothing executes any more.</summary>
    public void Halt()
    {
        foreach ((_, Processor processor) in members)
            processor.Park();
    }

    private void PauseNow()
    {
        if (EmulationManager.Instance.CurrentEmulation.IsStarted)
            machine.PauseAndRequestEmulationPause();
        else
            IsHeld = true;
    }

    private void Build(bool restoring)
    {
        ForgetProbes();
        SecureMemoryController? controller = One<SecureMemoryController>();
        PowerUltravisor? ultravisor = One<PowerUltravisor>();
        OpalFirmware? firmware = One<OpalFirmware>();
        ulong ramSize = 0;
        foreach (RamRange range in Memory.Ranges)
        {
            if (!range.Secure && range.Base == ramSize)
                ramSize += range.Size;
        }

        if (ramSize == 0)
            throw new RecoverableException("there is no RAM at address 0; add 'ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x80000000 }' to the platform description");
        if (controller is not null)
        {
            foreach (IMappedSegment segment in controller.Memory.MappedSegments)
                AddRam(segment, controller.Base + segment.StartingOffset, secure: true);
        }

        MachineDescription? description = firmware?.Describe(ramSize, (ulong)(controller?.Memory.Size ?? 0), ultravisor is not null, [.. members.Select(member => member.Processor.Cpu.Pir)]);
        if (description is not null)
            firmware!.Build(this, description, install: !restoring);
        if (ultravisor is not null)
        {
            Ultravisor = ultravisor.Build(this);
            ultravisor.ApplyProbes();
            controller!.Attach(this, Ultravisor.Controller);
        }
        else
        {
            controller?.Attach(this, new Ultravisor.Memory.SecureMemoryController(Memory));
        }

        Firmware = firmware;
        if (restoring)
            return;
        if (firmware is not null)
        {
            firmware.Boot(members[0].Cpu.Entry);
            return;
        }

        foreach ((_, Processor processor) in members)
            processor.Release();
    }

    private T? One<T>()
        where T : class, Antmicro.Renode.Peripherals.IPeripheral
    {
        T[] all = [.. machine.GetPeripheralsOfType<T>()];
        return all.Length <= 1
            ? all.FirstOrDefault()
            : throw new RecoverableException($"the platform has {all.Length} peripherals of type {typeof(T).Name}; a machine has one");
    }
}
