using System.Runtime.InteropServices;

namespace RenodeUvmem.Uvmem.Consoles;

/// <summary>
/// Puts the terminal into raw mode, so that keys reach the guest one by one and without echo, and back. Signals stay on: Ctrl-C ends the machine.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int SetNow = 0;

    // struct termios of any Unix fits; c_lflag is the fourth 32-bit word on Linux.
    private const int TermiosSize = 256;
    private const int LocalFlags = 3;
    private const uint SignalKeys = 1;

    private readonly byte[] saved;
    private bool restored;

    private RawTerminal(byte[] saved)
    {
        this.saved = saved;
        AppDomain.CurrentDomain.ProcessExit += Restore;
    }

    /// <summary>Enters raw mode; null if standard input is no terminal.</summary>
    public static RawTerminal? Enter()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var saved = new byte[TermiosSize];
        if (tcgetattr(StandardInput, saved) != 0)
            return null;
        var terminal = new RawTerminal((byte[])saved.Clone());
        cfmakeraw(saved);
        MemoryMarshal.Cast<byte, uint>(saved)[LocalFlags] |= SignalKeys;
        _ = tcsetattr(StandardInput, SetNow, saved);
        return terminal;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        Restore(null, EventArgs.Empty);
    }

    private void Restore(object? sender, EventArgs e)
    {
        if (restored)
            return;
        restored = true;
        _ = tcsetattr(StandardInput, SetNow, saved);
    }

#pragma warning disable SA1300, IDE1006 // names of the C library
    [LibraryImport("libc")]
    private static partial int tcgetattr(int file, [Out] byte[] termios);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int file, int actions, byte[] termios);

    [LibraryImport("libc")]
    private static partial void cfmakeraw([In, Out] byte[] termios);
#pragma warning restore SA1300, IDE1006
}
