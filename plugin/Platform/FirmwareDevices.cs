using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Opal;

namespace RenodeUvmem.Platform;

/// <summary>What firmware drives, and whom it asks.</summary>
/// <param name="Interrupts">Interrupt controller.</param>
/// <param name="Console">Terminal 0.</param>
/// <param name="Xscom">Registers of the chip.</param>
/// <param name="Log">Takes remarks.</param>
/// <param name="Power">Called when the kernel asks for power off or reboot.</param>
/// <param name="Uptime">Virtual time since power-on.</param>
public sealed record FirmwareDevices(
    IInterruptController Interrupts,
    ConsolePort Console,
    Xscom Xscom,
    IMachineLog Log,
    Action<PowerRequest, string> Power,
    Func<TimeSpan> Uptime);
