using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>A console that is opened when everything else is known to be in order.</summary>
internal interface IHostConsole : IConsole, IDisposable
{
    /// <summary>Opens it.</summary>
    void Open(OutputFiles files);
}
