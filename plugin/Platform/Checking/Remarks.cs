using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Platform.Checking;

/// <summary>Keeps what a machine has to say until it is compared.</summary>
/// <param name="host">Who gets it too, or null.</param>
internal sealed class Remarks(IMachineLog? host) : IMachineLog
{
    /// <summary>Lines since the last comparison.</summary>
    public List<string> Lines { get; } = [];

    /// <inheritdoc/>
    public void Info(string line)
    {
        Lines.Add(line);
        host?.Info(line);
    }

    /// <inheritdoc/>
    public void Warn(string line)
    {
        Lines.Add(line);
        host?.Warn(line);
    }
}
