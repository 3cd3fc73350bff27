using NUnit.Framework;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Tests;

namespace RenodeUvmem.Platform.Tests.Snapshots;

/// <summary>Each field of a class with state is held by snapshots or is none.</summary>
internal sealed class CompletenessTests
{
    [TestCase(typeof(Machine), "Description Kernel processors Memory Interrupts Firmware Console ConsoleLines Script Ultravisor Instructions IdleTicks roundUnderWay turnOf turnLeft turnInterrupts progress xscom", "end pause atRest Probes Bounces hostThreads spareThreads turns Translator Work")]
    [TestCase(typeof(Processor), "Cpu IsStarted", "")]
    [TestCase(typeof(Xics), "servers sources", "")]
    [TestCase(typeof(XiveController), "IsExploited emulation threads Sources Router VirtualProcessors Allocated log", "devices tima")]
    [TestCase(typeof(SourceEsb), "states", "notify")]
    [TestCase(typeof(XiveRouter), "assignments", "entries log threads virtualProcessors")]
    [TestCase(typeof(SourceNumbers), "taken", "lowest")]
    [TestCase(typeof(VirtualProcessors), "all blocks", "threads")]
    [TestCase(typeof(VirtualProcessor), "Index IsEnabled Backlog ReportLine queues", "")]
    [TestCase(typeof(EventQueue), "IsValid HasRing AlwaysNotifies HasBacklog Escalates EscalatesAlways IsSilent Ring SizeShift Index Generation Notification Escalation EscalationQueue EscalationData VirtualProcessor Priority", "")]
    [TestCase(typeof(ThreadContext), "registers hypervisorLevel osLevel", "Pir hypervisorLine osLine virtualProcessors")]
    [TestCase(typeof(XiveLog), "reported", "log")]
    [TestCase(typeof(Tima), "", "log threads")]
    [TestCase(typeof(EventQueueWriter), "", "log memory")]
    [TestCase(typeof(XiveSourceCalls), "", "xive")]
    [TestCase(typeof(XiveQueueCalls), "", "xive")]
    [TestCase(typeof(XiveProcessorCalls), "", "xive")]
    [TestCase(typeof(XiveModeCalls), "", "log xive")]
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
