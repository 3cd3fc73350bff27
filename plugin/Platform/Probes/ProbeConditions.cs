using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Probes;

/// <summary>What must hold when a CPU is at a place.</summary>
public sealed unsafe record ProbeConditions
{
    /// <summary>Number of the CPU as in the log (PIR), or null.</summary>
    public uint? Cpu { get; init; }

    /// <summary>Values of GPRs: a function's arguments are in 3 to 10.</summary>
    public IReadOnlyList<(int Register, ulong Value)> Registers { get; init; } = [];

    /// <summary>The function that called, or null.</summary>
    public string? From { get; init; }

    /// <summary>A function that called, however far up, or null.</summary>
    public string? Within { get; init; }

    /// <summary>Whether a CPU that stands at a place meets them.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="place">The place.</param>
    /// <param name="symbols">The hypervisor's.</param>
    internal bool Hold(Cpu cpu, ProbePlace place, SymbolTable symbols)
    {
        if (Cpu is { } number && number != cpu.Pir)
            return false;
        foreach ((int register, ulong value) in Registers)
        {
            if (cpu.State->Gpr[register] != value)
                return false;
        }

        if (From is null && Within is null)
            return true;

        // At its entry a function has no frame yet, and its caller is in LR; further in, LR may be anything.
        List<ulong> callers = CallChain.Of(cpu);
        if (place.Offset == 0)
            callers.Insert(0, cpu.State->Spr[SprNumber.LR]);
        bool IsIn(ulong address, string function) => symbols.FunctionAt(address) == function;
        return (From is null || (callers.Count > 0 && IsIn(callers[0], From))) && (Within is null || callers.Exists(address => IsIn(address, Within)));
    }
}
