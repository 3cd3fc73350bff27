using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A row of the acceptance matrix of uvmem, by its name there.</summary>
/// <param name="Name">Name, such as S1.</param>
/// <param name="On">Machine it runs on.</param>
/// <param name="Stimulus">Row of firmware/host/svmhost/rows.c that drives it; several rows may look at the same one.</param>
/// <param name="Check">Asserts calls, answers and states.</param>
internal sealed record Row(string Name, RowMachine On, string Stimulus, Action<Segment> Check)
{
    /// <summary>Rules of fault injection, in force from the moment the stimulus begins.</summary>
    public string[] Rules { get; init; } = [];

    public override string ToString() => Name;
}
