using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>One register as debuggers see it.</summary>
/// <param name="Number">Number in Renode and in the GDB protocol.</param>
/// <param name="Name">Name as GDB has it.</param>
/// <param name="Bits">Width.</param>
/// <param name="Type">GDB's type.</param>
/// <param name="Group">GDB's group, or null.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it, null if it can only be read.</param>
internal sealed record Power9Register(
    int Number,
    string Name,
    int Bits,
    string Type,
    string? Group,
    Func<PowerCpu, RegisterValue> Get,
    Action<PowerCpu, RegisterValue>? Set)
{
    /// <summary>The last register of the packet that GDB fetches at each stop.</summary>
    public const int LastGeneral = 70;

    /// <summary>As Renode wants it.</summary>
    public CPURegister Describe() => new(Number, Bits, isGeneral: Number <= LastGeneral, isReadonly: Set is null, [Name]);

    /// <summary>As GDB's target description wants it.</summary>
    public GDBRegisterDescriptor ForGdb() => new((uint)Number, (uint)Bits, Name, Type, Group);
}
