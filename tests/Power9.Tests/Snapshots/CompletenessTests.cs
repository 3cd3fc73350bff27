using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Tests;

namespace RenodeUvmem.Power9.Tests.Snapshots;

/// <summary>Each field of a class with state is held by snapshots or is none.</summary>
public sealed class CompletenessTests
{
    [Test]
    public void Cpu() => FieldAccount.Complete(typeof(Cpu), "State pending stopped StopReason lastInterrupt SkippedTicks timeBaseOffset decExpiry hdecExpiry hdecArmed Deliveries HypervisorDeliveries InterruptCounts ignoredSprs Slb authorities spaces monitor data0 data1 code0 code1", "WalksShort handle Memory Pir Group Firmware Ultravisor Observer Breakpoints passing passAddress passAgain StoppedAtBreakpoint Watch executingThread ActivityChanged Coverage ciabr tracedAddress tracedWord tracesCompletion postponed refused invalidations Translator nextSample recordFrom sampler samplesAt");

    [Test]
    public void AddressSpaces() => FieldAccount.Complete(typeof(AddressSpaces), "clock spaces", "recent");

    [Test]
    public void AddressSpace() => FieldAccount.Complete(typeof(AddressSpace), "Code Data Empty Key LastUse", "Id");

    // Save settles the counters; what counts follows from registers.
    [Test]
    public void PerformanceMonitor() => FieldAccount.Complete(typeof(PerformanceMonitor), "tallies settled events counting Tallies", "state");

    [Test]
    public void Slb() => FieldAccount.Complete(typeof(Slb), "esid vsid", "");

    [Test]
    public void CodeCache() => FieldAccount.Complete(typeof(CodeCache), "pages", "Decoded Dropping Protecting Releasing breaks");

    [Test]
    public void PhysicalMemory() => FieldAccount.Complete(typeof(PhysicalMemory), "Code", "Bus Monitor Replaced devices ranges recent");
}
