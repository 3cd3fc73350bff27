using System.Text;
using Antmicro.Renode.Exceptions;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>Registers for Monitor and debugger, by the numbers of <see cref="Power9Registers"/>.</summary>
public sealed partial class Power9
{
    /// <inheritdoc/>
    public string GDBArchitecture => "powerpc:common64";

    /// <inheritdoc/>
    public List<GDBFeatureDescriptor> GDBFeatures => Power9Registers.Features();

    /// <summary>All registers, the general ones first and in GDB's order.</summary>
    public IEnumerable<CPURegister> GetRegisters() => Power9Registers.Described;

    /// <summary>The same, under the name that Renode after 1.16.1 asks for, too.</summary>
    public IEnumerable<CPURegister> GetAllRegisters() => GetRegisters();

    /// <inheritdoc/>
    /// <exception cref="RecoverableException">There is no such register.</exception>
    public RegisterValue GetRegister(int register) => Read(Power9Registers.Find(register).Get);

    /// <inheritdoc/>
    /// <exception cref="RecoverableException">There is no such register, it can only be read, or the value does not fit.</exception>
    public void SetRegister(int register, RegisterValue value)
    {
        Power9Register found = Power9Registers.Find(register);
        if (found.Set is null)
            throw new RecoverableException($"{found.Name} can only be read");
        try
        {
            Change(core => found.Set(core, value));
        }
        catch (InvalidCastException)
        {
            throw new RecoverableException($"the value does not fit: {found.Name} has {found.Bits} bits");
        }
    }

    /// <summary>As <see cref="SetRegister"/>.</summary>
    public void SetRegisterUnsafe(int register, RegisterValue value) => SetRegister(register, value);

    /// <summary>As <see cref="GetRegister"/>.</summary>
    public RegisterValue GetRegisterUnsafe(int register) => GetRegister(register);
}
