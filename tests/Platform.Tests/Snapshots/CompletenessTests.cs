using NUnit.Framework;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Tests;

namespace RenodeUvmem.Platform.Tests.Snapshots;

/// <summary>Each field of a class with state is held by snapshots or is none.</summary>
internal sealed class CompletenessTests
{
    [TestCase(typeof(Machine), "Description Kernel processors Memory Interrupts Firmware Console ConsoleLines Script Ultravisor Instructions IdleTicks roundUnderWay turnOf turnLeft turnInterrupts progress xscom", "end pause atRest Probes Bounces Translator")]
    [TestCase(typeof(Processor), "Cpu IsStarted", "")]
    [TestCase(typeof(Xics), "servers sources", "")]
    [TestCase(typeof(ConsolePort), "BytesWritten input", "InputArrived Written host")]
    [TestCase(typeof(ConsoleLines), "line", "Completed watches")]
    [TestCase(typeof(ConsoleScript), "steps", "lines port")]
    [TestCase(typeof(ConsoleWatch), "Seen", "found text")]
    [TestCase(typeof(SystemFirmware), "Events Opal Rtc", "All description deviceTree memory")]
    [TestCase(typeof(OpalFirmware), "Calls reported snapshotted", "log memory table")]
    [TestCase(typeof(OpalEvents), "pending", "Source interrupts")]
    [TestCase(typeof(RtcCalls), "adjustment", "uptime")]
    [TestCase(typeof(Xscom), "reported", "log")]
    [TestCase(typeof(ConsoleCalls), "", "events port")]
    [TestCase(typeof(InterruptCalls), "", "interrupts")]
    [TestCase(typeof(PowerCalls), "", "request")]
    [TestCase(typeof(ProcessorCalls), "", "processors")]
    [TestCase(typeof(ErrorCalls), "", "log")]
    public void IsComplete(Type type, string held, string notHeld) => FieldAccount.Complete(type, held, notHeld);
}
