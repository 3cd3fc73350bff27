using System.Globalization;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>Values of --console.</summary>
internal static class ConsoleTarget
{
    /// <summary>The console that a text means.</summary>
    /// <exception cref="OptionException">None.</exception>
    public static IHostConsole Parse(string text, bool interactive)
    {
        if (text == "stdio")
            return new StdioConsole(interactive);
        if (interactive)
            throw new OptionException("--interactive", "needs --console stdio");
        if (text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5)
            return new FileConsole(text[5..]);
        if (text.StartsWith("tcp:", StringComparison.Ordinal) && ushort.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return new TcpConsole(port);
        throw new OptionException("--console", $"'{text}' is not known, expected stdio, file:PATH or tcp:PORT");
    }
}
