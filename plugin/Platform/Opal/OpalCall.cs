using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Opal;

/// <summary>One OPAL call: its arguments from GPR 3 on, and who calls.</summary>
public readonly unsafe struct OpalCall(Cpu cpu, OpalMemory memory)
{
    private const int FirstArgument = 3;

    /// <summary>The calling thread.</summary>
    public Cpu Cpu { get; } = cpu;

    /// <summary>Memory that pointers in arguments mean.</summary>
    public OpalMemory Memory { get; } = memory;

    /// <summary>Argument 0 to 7.</summary>
    public ulong this[int argument] => Cpu.State->Gpr[FirstArgument + argument];
}

/// <summary>Performs a call; the result goes to GPR 3.</summary>
public delegate OpalReturn OpalHandler(OpalCall call);
