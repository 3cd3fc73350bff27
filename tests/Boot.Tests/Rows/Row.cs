using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A row of the acceptance matrix of uvmem, by its name there.</summary>
/// <param name="Name">Name, such as S1.</param>
/// <param name="On">Machine it runs on.</param>
/// <param name="Stimulus">Row of firmware/host/svmhost/rows.c that drives it; several rows may look at the same one.</param>
/// <param name="Check">Asserts calls, answers and states.</param>
internal sealed partial record Row(string Name, RowMachine On, string Stimulus, Action<Segment> Check)
{
    /// <summary>Rules of fault injection, in force from the moment the stimulus begins.</summary>
    public string[] Rules { get; init; } = [];

    /// <summary>Gates, likewise.</summary>
    public string[] Gates { get; init; } = [];

    /// <summary>Overrides, likewise.</summary>
    public string[] Overrides { get; init; } = [];

    /// <summary>Whether the machine is told to do something, which no other row of the stimulus may see.</summary>
    public bool IsInjected => Rules.Length + Gates.Length + Overrides.Length != 0;

    /// <summary>The row whose part of the boot it looks at, if that is injected, or null.</summary>
    public string? LooksAt { get; init; }

    /// <summary>Name of its part of the boot: rows that only look at a stimulus share it.</summary>
    public string Part => LooksAt ?? (IsInjected ? Name : Stimulus);

    /// <summary>Whether the boot of a guest is part of the row, or it needs none. Any row can begin without a guest; it takes longer then.</summary>
    public bool Boots => Stimulus.StartsWith("stays-out", StringComparison.Ordinal) || Stimulus is "boot" or "A3" or "A9" or "P13" or "P17" or "killed" or "slot-goes" or "reset-two-slots" or "I1" or "I9" or "no-kvm";

    /// <summary>The word for it in uvmem.run=.</summary>
    public string Word => Part == Stimulus ? Stimulus : $"{Part}={Stimulus}";

    /// <summary>Why hypervisor and ultravisor do not agree on frames when the row is over, or null: they do.</summary>
    public string? Diverges { get; init; }

    /// <summary>Asserts what the row asks for, and what every row does: section 13 of the matrix.</summary>
    public void Assert(Segment segment)
    {
        NUnit.Framework.Assert.That(segment.Lines.Last(), Is.EqualTo($"CASE {Part} END ok"), "what host and guest saw");
        Check(segment);
        NUnit.Framework.Assert.That(segment.Lines.Where(line => !line.StartsWith("guest| ", StringComparison.Ordinal) && Harm().IsMatch(line)), Is.Empty, "the hypervisor's kernel");
        if (On.IsSecure)
            NUnit.Framework.Assert.That(segment.Checkpoints.SelectMany(checkpoint => checkpoint.Leaks), Is.Empty, "the guest's secret stands in normal memory");
        string[] differences = [.. segment.AtRest.SelectMany(checkpoint => checkpoint.State.Differences())];
        if (Diverges is null)
            NUnit.Framework.Assert.That(differences, Is.Empty, "hypervisor and ultravisor");
        else
            NUnit.Framework.Assert.That(differences, Is.Not.Empty, Diverges);
    }

    public override string ToString() => Name;

    // As firmware/host/init, which looks at the end of a whole run.
    [GeneratedRegex("WARNING: CPU|BUG: |Oops: |Call Trace:")]
    private static partial Regex Harm();
}
