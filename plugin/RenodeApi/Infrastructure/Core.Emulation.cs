namespace Antmicro.Renode.Core;

public sealed class EmulationManager
{
    private EmulationManager() => throw null;

    public static EmulationManager Instance => throw null;

    public Emulation CurrentEmulation => throw null;
}

public class Emulation
{
    private Emulation() => throw null;

    public bool IsStarted => throw null;
}
