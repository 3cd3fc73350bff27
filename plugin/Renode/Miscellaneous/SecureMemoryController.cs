using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Peripherals.Memory;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Renode.Machines;
using ControllerCore = RenodeUvmem.Ultravisor.Memory.SecureMemoryController;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>
/// Stands between the bus and secure memory. CPUs in secure state (MSR[S]=1) reach the memory by pointer; everyone else, a device or a CPU with S=0, is refused and counted.
/// Region "memory" is the memory itself, region "registers" the table of <see cref="Registers"/>. Split by concern: memory, registers.
/// </summary>
public sealed partial class SecureMemoryController : IBusPeripheral
{
    private readonly IMachine machine;

    [Transient]
    private ControllerCore? core;

    [Transient]
    private PowerMachine? shared;

    /// <summary>A controller in front of a memory that is not on the bus by itself (<c>@ none</c>).</summary>
    /// <exception cref="ConstructionException">There is no memory.</exception>
    public SecureMemoryController(IMachine machine, MappedMemory? memory = null)
    {
        this.machine = machine;
        Memory = memory ?? throw new ConstructionException("SecureMemoryController needs a memory; add 'memory: secureMemory' with 'secureMemory: Memory.MappedMemory @ none { size: 0x40000000 }'");
        registers = BuildRegisters();
    }

    /// <summary>Whether <see cref="DumpSecure"/> may show what a guest believes to be secret. Off by default.</summary>
    public bool AllowDump { get; set; }

    /// <summary>The memory.</summary>
    internal MappedMemory Memory { get; }

    /// <summary>Real address of the memory.</summary>
    /// <exception cref="RecoverableException">Region "memory" is not on the bus, or of another size.</exception>
    internal ulong Base
    {
        get
        {
            foreach (BusRangeRegistration place in machine.SystemBus.GetRegistrationPoints(this))
            {
                if (place is not BusMultiRegistration { ConnectionRegionName: "memory" })
                    continue;
                if (place.Range.Size != (ulong)Memory.Size)
                    throw new RecoverableException($"region \"memory\" of the secure memory controller has 0x{place.Range.Size:x} bytes, its memory 0x{Memory.Size:x}; make them equal");
                if (place.Range.StartAddress != RenodeUvmem.Platform.MemoryMap.SecureBase)
                    throw new RecoverableException($"secure memory is at 0x{place.Range.StartAddress:x}; on POWER9 it begins at 0x{RenodeUvmem.Platform.MemoryMap.SecureBase:x}");
                return place.Range.StartAddress;
            }

            throw new RecoverableException("the secure memory controller has no region \"memory\" on the bus; add 'sysbus new Bus.BusMultiRegistration { address: 0x1000000000000; size: ...; region: \"memory\" }'");
        }
    }

    /// <summary>Refused accesses: of CPUs, of their table walks, of devices and the Monitor.</summary>
    public string[,] Violations()
    {
        ControllerCore counted = core ?? throw new RecoverableException("the machine was not started yet, so nothing was counted");
        return new string[,]
        {
            { "Initiator", "Refused" },
            { "CPU loads, stores, fetches", $"{counted.CpuViolations}" },
            { "CPU table walks", $"{counted.WalkViolations}" },
            { "devices", $"{counted.DmaViolations}" },
        };
    }

    /// <summary>Bytes of secure memory as text. Refused unless <see cref="AllowDump"/> is set.</summary>
    /// <exception cref="RecoverableException">Not allowed, or not in secure memory.</exception>
    public string DumpSecure(ulong address, uint count = 64)
    {
        if (!AllowDump)
            throw new RecoverableException("secure memory is not shown; 'smc AllowDump true' allows it");
        const uint Most = 65536;
        ulong offset = address - Base;
        if (count > Most || offset >= (ulong)Memory.Size || count > (ulong)Memory.Size - offset)
            throw new RecoverableException($"0x{address:x} with {count} bytes is not in secure memory, or more than {Most}");
        return Convert.ToHexString(Memory.ReadBytes((long)offset, (int)count));
    }

    /// <inheritdoc/>
    public void Reset() => core = null;

    /// <summary>Takes the controller of this power cycle.</summary>
    internal void Attach(PowerMachine made, ControllerCore controller)
    {
        shared = made;
        core = controller;
        controller.Violated += Report;
    }

    private void Report(SecureViolation violation) =>
        this.Log(
            LogLevel.Warning,
            "{0} refused {1} of secure memory 0x{2:X}{3}",
            violation.Initiator < 0 ? "device:" : $"cpu with PIR {violation.Initiator} at 0x{violation.InstructionAddress:X}:",
            violation.InWalk ? "table walk" : violation.Kind,
            violation.Real,
            violation.Initiator < 0 || violation.EffectiveAddress == violation.Real ? "" : $" (effective address 0x{violation.EffectiveAddress:X})");
}
