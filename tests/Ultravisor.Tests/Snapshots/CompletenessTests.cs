using NUnit.Framework;
using RenodeUvmem.Tests;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Tests.Snapshots;

/// <summary>Each field of a class with state is held by snapshots or is none.</summary>
public sealed class CompletenessTests
{
    [TestCase(typeof(UltravisorModel), "random Controller Heap Rules current svmCount svms indexCount freeIndices contexts startCookies ultraCalls reverseCalls guestCalls ReflectedInterrupts", "Breaks Events Guest Options Pages PartitionTable Scom threads threadList")]
    [TestCase(typeof(SecureHeap), "Overcommit Promised Unallocated free next range", "controller ranges")]
    [TestCase(typeof(SecureMemoryController), "CpuViolations DmaViolations WalkViolations Policy Recent", "Violated memory")]
    [TestCase(typeof(ViolationLog), "Total ring", "")]
    [TestCase(typeof(DeterministicRandom), "counter", "key")]
    [TestCase(typeof(PageCrypto), "Number counter", "cipher nonce")]
    [TestCase(typeof(PageManager), "", "Changed Flush Serving controller heap")]
    [TestCase(typeof(PartitionTable), "", "Base heap")]
    [TestCase(typeof(RadixTree), "Root tables", "heap")]
    [TestCase(typeof(MemorySlot), "Id Gpa Size Frames", "Charge")]
    [TestCase(typeof(GuestFrame), "State Requested ZeroOnArrival Secure Normal Seal", "")]
    [TestCase(typeof(Svm), "Lpid State Tree Crypto Rtas Replay slots", "")]
    [TestCase(typeof(UvContext), "Svm Index Registers Cookie Reflected Reverse Injected PendingCall PendingArguments PendingSite PendingHypercall Operations", "")]
    [TestCase(typeof(GuestRegisters), "Gpr sprs vsr cr xer fpscr vscr Nia Msr Lpid Pid DecrementerExpiry", "")]
    [TestCase(typeof(GuestMemory), "", "controller heap pages")]
    [TestCase(typeof(RtasService), "Pages bufferOwner names", "")]
    [TestCase(typeof(RuleSet), "all", "word")]
    [TestCase(typeof(Rule), "Occasion Call Nth Count Gfn Lpid Return Hypercall HypercallArguments Seen Acted HypercallResult GpaOfCall", "")]
    [TestCase(typeof(CallCounter), "Name Count Failures", "")]
    [TestCase(typeof(CallSite), "World Lpid IsUser Nia Link", "")]
    [TestCase(typeof(EnterSecureMode), "kernelBase treeAddress phase tree treeSize rtas sharedPages slot frame wanted", "")]
    [TestCase(typeof(Share), "first count target given phase done gpa", "")]
    [TestCase(typeof(Unshare), "frames agreed next asked result", "")]
    [TestCase(typeof(MakeResident), "gpa attempt", "")]
    [TestCase(typeof(RtasExchange), "guestBlock phase block name sharedBlock waiting result bounces", "")]
    [TestCase(typeof(MmioAccess), "instruction gpa effectiveAddress asked swap", "")]
    [TestCase(typeof(RuleCall), "rule stage then", "arguments")]
    [TestCase(typeof(Halt), "announced", "")]
    public void IsComplete(Type type, string held, string notHeld) => FieldAccount.Complete(type, held, notHeld);

    /// <summary>Each class of operation has a number of its own in snapshots.</summary>
    [Test]
    public void EveryOperationHasAKind() => Assert.That(
        typeof(Operation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Operation))).Select(type => type.Name),
        Is.EquivalentTo(Enum.GetNames<OperationKind>()));
}
