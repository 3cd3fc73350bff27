using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What the translator knows of a decoded page: where it is hot, and from which slots nothing is to be recorded. It is forgotten with the page.</summary>
internal sealed class TracedPage
{
    private const int SlotsOfPiece = 16;

    // Traces of a page that changes again and again are not worth their compilation: each time after so many changes it has to be twice as hot as before.
    private const int ChangesOfStep = 16;
    private const int Steps = 6;

    private readonly Mark[] marks = new Mark[Insn.SlotsPerPage + 1];
    private readonly int[] samples = new int[(Insn.SlotsPerPage / SlotsOfPiece) + 1];
    private int generation;

    [Flags]
    private enum Mark : byte
    {
        None = 0,

        // In a trace that is being compiled.
        Pending = 1,

        // No trace can be made from here on.
        Hopeless = 2,
    }

    /// <summary>Slots changed: what was said of the page does not count any more.</summary>
    /// <param name="changes">How often they have.</param>
    public void Follow(int changes)
    {
        if (changes == generation)
            return;
        generation = changes;
        Array.Clear(marks);
        Array.Clear(samples);
    }

    /// <summary>Whether a trace may be recorded from a slot.</summary>
    public bool MayRecord(int slot) => marks[slot] == Mark.None;

    /// <summary>A run ended at a slot. True if code there is hot.</summary>
    /// <param name="slot">Its number.</param>
    /// <param name="needed">Samples that code of a page without changes needs.</param>
    public bool Sample(int slot, int needed)
    {
        // Loops spread over their slots: what is counted is a piece of code.
        ref int count = ref samples[slot / SlotsOfPiece];
        if (++count < (long)needed << Math.Min(generation / ChangesOfStep, Steps))
            return false;
        count = 0;
        return true;
    }

    /// <summary>A slot is in a trace that will be compiled.</summary>
    public void Await(int slot) => marks[slot] |= Mark.Pending;

    /// <summary>The opposite of <see cref="Await"/>. Traces share slots; one that still waits may lose some here, and a piece of code be recorded twice.</summary>
    public void Settle(int slot) => marks[slot] &= ~Mark.Pending;

    /// <summary>No trace can be made from a slot on, as long as the page does not change.</summary>
    public void GiveUp(int slot) => marks[slot] |= Mark.Hopeless;
}
