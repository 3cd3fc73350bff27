using RenodeUvmem.Platform.Diagnostics;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>The machine's messages, to standard error.</summary>
internal sealed class ErrorLog : IMachineLog
{
    public void Info(string line) => Console.Error.WriteLine($"uvmem: {line}");

    public void Warn(string line) => Console.Error.WriteLine($"uvmem: warning: {line}");
}
