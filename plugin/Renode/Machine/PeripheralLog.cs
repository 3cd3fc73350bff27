using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals;
using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Renode.Machines;

/// <summary>Remarks of the machine as log entries of a peripheral.</summary>
internal sealed class PeripheralLog(IPeripheral peripheral) : IMachineLog
{
    /// <inheritdoc/>
    public void Info(string line) => peripheral.Log(LogLevel.Info, "{0}", line);

    /// <inheritdoc/>
    public void Warn(string line) => peripheral.Log(LogLevel.Warning, "{0}", line);
}
