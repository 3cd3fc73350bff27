using System.Reflection.Emit;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Statements without branches, and where control goes then.</summary>
internal sealed class Block
{
    public List<Statement> Statements { get; } = [];

    public Terminator? End { get; set; }

    public Label? Label { get; set; }

    /// <summary>Whether it can be reached from the slot that is looked at, and whether the trace may go on from it.</summary>
    public bool Live { get; set; }

    public bool Stays { get; set; }

    /// <summary>Where its host code begins, while the code generator is at it.</summary>
    public X86.CodeLabel? Begin { get; set; }
}

internal abstract record Statement;

internal sealed record Assign(Variable Variable, Node Value) : Statement;

internal sealed record Initialize(Variable Variable) : Statement;

internal sealed record StateWrite(int Offset, MemoryType Access, Node Value) : Statement;

/// <summary>A write to a place that depends on the slot: a register.</summary>
internal sealed record RegisterWrite(int Base, Node Index, MemoryType Access, Node Value) : Statement;

internal sealed record Store(Node Address, MemoryType Access, Node Value) : Statement;

internal sealed record Evaluate(Node Value) : Statement;

internal abstract record Terminator;

internal sealed record Jump(Block Target) : Terminator;

/// <summary>A branch of IL that pops one or two values.</summary>
internal sealed record Branch(Operation Op, Node Left, Node? Right, Block Taken, Block Fall) : Terminator;

/// <summary>The instruction is complete; the value is the slot to run next.</summary>
internal sealed record Finish(Node Next) : Terminator;

/// <summary>Nothing has been changed: the handler executes the instruction.</summary>
internal sealed record Restart : Terminator;

/// <summary>The instruction ends with a call that needs the state in memory; it returns the slot to run next.</summary>
internal sealed record Leave(Invoke Call) : Terminator;
