namespace RenodeUvmem.Ultravisor.Events;

/// <summary>The log of ultracalls: each event as a line of <see cref="EventText"/>; a call's line comes when it is answered.</summary>
/// <param name="write">Takes a line, without a line end.</param>
/// <param name="symbols">Names the functions that make ultracalls, or null.</param>
public sealed class UcallLog(Action<string> write, ISymbols? symbols = null) : IUltravisorEvents
{
    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        if (happened.Kind != UvEventKind.UltraCallBegun)
            write(EventText.Format(happened, symbols));
    }
}
