using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>P and Q, as skiboot's doc/xive.rst and QEMU's xive_esb_trigger and xive_esb_eoi have them.</summary>
internal sealed class EventStateTests
{
    [TestCase(0b00, 0b10, true, TestName = "first trigger notifies")]
    [TestCase(0b10, 0b11, false, TestName = "second is remembered")]
    [TestCase(0b11, 0b11, false, TestName = "further ones are one")]
    [TestCase(0b01, 0b01, false, TestName = "off loses triggers")]
    public void Trigger(byte before, byte after, bool notifies)
    {
        byte state = before;
        Assert.That(EventState.Trigger(ref state), Is.EqualTo(notifies));
        Assert.That(state, Is.EqualTo(after));
    }

    [TestCase(0b00, 0b00, false)]
    [TestCase(0b10, 0b00, false)]
    [TestCase(0b11, 0b10, true)]
    [TestCase(0b01, 0b01, false)]
    public void End(byte before, byte after, bool notifies)
    {
        byte state = before;
        Assert.That(EventState.End(ref state), Is.EqualTo(notifies));
        Assert.That(state, Is.EqualTo(after));
    }
}
