using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Platform.Probes;

/// <summary>Something that begins or ends the time of a probe: one of the four is there.</summary>
public sealed class ProbeEvent
{
    /// <summary>Its text.</summary>
    public required string Text { get; init; }

    /// <summary>A CPU comes to a place.</summary>
    public PlaceWatch? Place { get; init; }

    /// <summary>A call is answered.</summary>
    public AnswerWatch? Answer { get; init; }

    /// <summary>Ticks of the time base pass.</summary>
    public ulong? Ticks { get; init; }

    /// <summary>A line with this text appears on the console.</summary>
    public string? Line { get; init; }

    /// <summary>Counts from the beginning again.</summary>
    internal void Restart()
    {
        Place?.Restart();
        Answer?.Restart();
    }
}
