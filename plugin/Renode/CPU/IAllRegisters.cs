namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>
/// What <see cref="ICPUWithRegisters"/> asks for beyond Renode 1.16.1. Only a virtual method can implement a member of an interface that it was not compiled against; this makes it one.
/// </summary>
internal interface IAllRegisters
{
    /// <summary>All registers, by number.</summary>
    IEnumerable<CPURegister> GetAllRegisters();
}
