using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>Entries as Linux's xive_read_eq reads them: big-endian words whose top bit differs from the reader's toggle.</summary>
internal sealed unsafe class EventQueueTests
{
    private const ulong Ring = 0x10000;
    private const int Page = 12;
    private const int Entries = 1024;

    private XiveMachine machine = null!;
    private EventQueueWriter writer = null!;

    [SetUp]
    public void MakeMachine()
    {
        machine = new XiveMachine();
        writer = new EventQueueWriter(machine.Memory, new XiveLog(machine.Log));
    }

    [TearDown]
    public void Free() => machine.Dispose();

    [Test]
    public void ReaderOfLinuxFindsEveryEntry()
    {
        var queue = new EventQueue { HasRing = true, Ring = Ring, SizeShift = Page, Generation = true };
        (int index, uint toggle) = (0, 0);
        for (uint n = 1; n <= 2 * Entries + 10; n++)
        {
            writer.Append(ref queue, n);
            uint entry = machine.Get32(Ring + (ulong)index * 4);
            Assert.That(entry >> 31, Is.Not.EqualTo(toggle), $"entry {n} is new");
            Assert.That(entry & 0x7FFFFFFF, Is.EqualTo(n));
            index = (index + 1) % Entries;
            if (index == 0)
                toggle ^= 1;
            Assert.That(machine.Get32(Ring + (ulong)index * 4) >> 31, Is.EqualTo(toggle), "what follows is old");
        }
    }

    [Test]
    public void DataHave31Bits()
    {
        var queue = new EventQueue { HasRing = true, Ring = Ring, SizeShift = Page };
        writer.Append(ref queue, 0xFFFFFFFF);
        Assert.That(machine.Get32(Ring), Is.EqualTo(0x7FFFFFFF));
    }

    [Test]
    public void SecureMemoryIsNeverWritten()
    {
        var monitor = new Monitor();
        machine.Memory.Monitor = monitor;
        var queue = new EventQueue { HasRing = true, Ring = XiveMachine.SecureAddress, SizeShift = Page, Generation = true };
        writer.Append(ref queue, 1);
        Assert.That(*(uint*)machine.Memory.Pointer(XiveMachine.SecureAddress, 4), Is.Zero);
        Assert.That(queue.Index, Is.Zero);
        Assert.That(monitor.Seen, Has.Count.EqualTo(1));
        Assert.That((monitor.Seen[0].Initiator, monitor.Seen[0].Real), Is.EqualTo((-1, XiveMachine.SecureAddress)));
        Assert.That(machine.Log.Warnings, Has.One.Contains("not in normal RAM"));
    }

    [TestCase(0x0FFF_FFFF_FFFF_FFFFUL, TestName = "the last address there is")]
    [TestCase(XiveMachine.RamSize - 2, TestName = "across the end of RAM")]
    [TestCase(XiveMap.Tima, TestName = "the controller's own registers")]
    public void OtherPlacesAreNotWritten(ulong ring)
    {
        var queue = new EventQueue { HasRing = true, Ring = ring, SizeShift = 24, Generation = true, Index = 0 };
        Assert.That(() => writer.Append(ref queue, 1), Throws.Nothing);
        Assert.That(machine.Log.Warnings, Has.Count.EqualTo(1));
    }

    /// <summary>OPAL_XIVE_SET_QUEUE_STATE takes any index.</summary>
    [Test]
    public void IndexBeyondTheRingIsWithinIt()
    {
        var queue = new EventQueue { HasRing = true, Ring = Ring, SizeShift = Page, Index = 0x3FFFFF };
        writer.Append(ref queue, 5);
        Assert.That(machine.Get32(Ring + 4 * (Entries - 1)), Is.EqualTo(5));
        Assert.That(queue.Index, Is.Zero);
    }

    private sealed class Monitor : ISecureMemoryMonitor
    {
        public List<SecureViolation> Seen { get; } = [];

        public bool Violation(in SecureViolation violation)
        {
            Seen.Add(violation);
            return true;
        }
    }
}
