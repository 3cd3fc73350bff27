using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>Region "registers": quad words, read only. A device of this project, for bare-metal code and tests; Linux does not know of it.</summary>
public sealed partial class SecureMemoryController
{
    private readonly QuadWordRegisterCollection registers;

    /// <summary>Offsets.</summary>
    private enum Registers : long
    {
        /// <summary>Real address of secure memory.</summary>
        Base = 0x00,

        /// <summary>Bytes of secure memory.</summary>
        Size = 0x08,

        /// <summary>Refused loads, stores and fetches of CPUs.</summary>
        CpuViolations = 0x10,

        /// <summary>Refused table walks of CPUs.</summary>
        WalkViolations = 0x18,

        /// <summary>Refused accesses of devices.</summary>
        DeviceViolations = 0x20,
    }

    [ConnectionRegion("registers")]
    public ulong ReadQuadWordFromRegisters(long offset) => registers.Read(offset);

    [ConnectionRegion("registers")]
    public void WriteQuadWordToRegisters(long offset, ulong value) => registers.Write(offset, value);

    private QuadWordRegisterCollection BuildRegisters()
    {
        (Registers Register, Func<ulong> Value)[] table =
        [
            (Registers.Base, () => Base),
            (Registers.Size, () => (ulong)Memory.Size),
            (Registers.CpuViolations, () => (ulong)(core?.CpuViolations ?? 0)),
            (Registers.WalkViolations, () => (ulong)(core?.WalkViolations ?? 0)),
            (Registers.DeviceViolations, () => (ulong)(core?.DmaViolations ?? 0)),
        ];
        var map = new Dictionary<long, QuadWordRegister>();
        foreach ((Registers register, Func<ulong> value) in table)
            map.Add((long)register, new QuadWordRegister(this).WithValueField(0, 64, FieldMode.Read, valueProviderCallback: _ => value(), name: register.ToString()));
        return new QuadWordRegisterCollection(this, map);
    }
}
