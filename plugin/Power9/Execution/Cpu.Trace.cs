using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Sees each instruction before it executes. Setting one makes the CPU step singly: slow, and off by default.</summary>
public interface IInstructionObserver
{
    /// <summary>About to execute <paramref name="word"/> at <paramref name="address"/>.</summary>
    void Before(Cpu cpu, ulong address, uint word);
}

/// <summary>Instruction-by-instruction observation.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Observer, or null.</summary>
    public IInstructionObserver? Observer { get; set; }

    private void Observe(Insn* i) => Observer!.Before(this, State->Nia, InstructionWordAt(i));
}
