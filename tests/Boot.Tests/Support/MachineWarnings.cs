using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>Keeps what the machine warns of.</summary>
internal sealed class MachineWarnings : IMachineLog
{
    public List<string> Lines { get; } = [];

    public void Info(string line)
    {
    }

    public void Warn(string line) => Lines.Add(line);
}
