using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Probes;

/// <summary>What a probe did.</summary>
public enum ProbeAct
{
    /// <summary>A gate holds a CPU.</summary>
    Held,

    /// <summary>The CPU goes on.</summary>
    Released,

    /// <summary>A function returned what an override says.</summary>
    Overridden,
}

/// <summary>A probe acted on a CPU, which stands at the place and does not execute.</summary>
/// <param name="Act">What it did.</param>
/// <param name="Probe">Which one.</param>
/// <param name="Cpu">The CPU.</param>
/// <param name="Text">One line for a person.</param>
public sealed record ProbeHit(ProbeAct Act, Probe Probe, Cpu Cpu, string Text);
