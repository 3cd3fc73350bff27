using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Platform.Checking;

/// <summary>What the two machines of a check are built with: the user's console and log for the one that interprets, input of the first for the other.</summary>
/// <param name="console">The host's end of the console.</param>
/// <param name="log">Takes remarks.</param>
public sealed class CheckedHost(IConsole console, IMachineLog log)
{
    private readonly TeeConsole tee = new(console);

    /// <summary>Console of the machine that interprets.</summary>
    public IConsole Console => tee;

    /// <summary>Its log.</summary>
    public IMachineLog Log => Remarks;

    /// <summary>Console of the machine that translates.</summary>
    public IConsole OtherConsole => Echo ??= new EchoConsole(tee);

    /// <summary>Its log.</summary>
    public IMachineLog OtherLog => OtherRemarks;

    internal IMachineLog HostLog => log;

    internal TeeConsole Tee => tee;

    internal EchoConsole? Echo { get; private set; }

    internal Remarks Remarks { get; } = new(log);

    internal Remarks OtherRemarks { get; } = new(null);
}
