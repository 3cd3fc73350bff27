namespace RenodeUvmem.Platform.Probes;

/// <summary>Acts on CPUs that come to a place in the hypervisor's kernel. Text form in <see cref="ProbeParser"/>.</summary>
public abstract class Probe
{
    /// <summary>Its text, as it was given.</summary>
    public required string Text { get; init; }

    /// <summary>Where.</summary>
    public required PlaceWatch At { get; init; }

    /// <summary>What has to happen first, or null.</summary>
    public ProbeEvent? After { get; init; }

    /// <summary>What releases a gate or ends an override; null for an override without an end.</summary>
    public ProbeEvent? Until { get; init; }

    /// <summary>Times it acted.</summary>
    public long Acted { get; internal set; }

    /// <summary>Whether what it waits for has happened.</summary>
    internal bool Begun { get; set; }

    /// <summary>Whether its end has come.</summary>
    internal bool Over { get; set; }

    /// <summary>Ticks when it was set.</summary>
    internal ulong Since { get; set; }
}

/// <summary>Holds a CPU: it gets no turns until something happens, and goes on from there. Time passes for it meanwhile.</summary>
public sealed class Gate : Probe;

/// <summary>Makes a function return a value in R3, without executing it; at its return, in place of its own.</summary>
public sealed class Override : Probe
{
    /// <summary>The value.</summary>
    public required ulong Value { get; init; }
}
