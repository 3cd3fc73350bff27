using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;

namespace RenodeUvmem.Power9.Tests.Debug;

public sealed class DebugContextTests
{
    [TestCase("any", "any")]
    [TestCase("hypervisor", "hypervisor")]
    [TestCase("guest 1", "guest 1")]
    [TestCase("guest 4095", "guest 4095")]
    [TestCase("  Guest   0x2a ", "guest 42")]
    [TestCase("HYPERVISOR", "hypervisor")]
    public void TextAndBack(string text, string written)
    {
        var context = DebugContext.Parse(text);
        Assert.That(context.ToString(), Is.EqualTo(written));
        Assert.That(DebugContext.Parse(written), Is.EqualTo(context));
    }

    [TestCase("")]
    [TestCase("guest")]
    [TestCase("guest 0")]
    [TestCase("guest 4096")]
    [TestCase("guest -1")]
    [TestCase("guest 1 2")]
    [TestCase("guest 99999999999999999999999")]
    [TestCase("ultravisor")]
    [TestCase("any 1")]
    public void OtherTextIsRefusedWithTheFormsThatThereAre(string text) =>
        Assert.That(() => DebugContext.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("'guest N'"));

    [Test]
    public void OfNoTextThereIsNoContext() => Assert.That(DebugContext.TryParse(null, out _), Is.False);

    [TestCase(0UL)]
    [TestCase(4096UL)]
    public void GuestsHaveLpids(ulong lpid) => Assert.That(() => DebugContext.Guest(lpid), Throws.TypeOf<ArgumentOutOfRangeException>());

    /// <summary>MSR[HV] and LPIDR say whose address space it is (ISA 3.0B Book III 5.7.1).</summary>
    [TestCase(Msr.HV, 0UL, "hypervisor")]
    [TestCase(Msr.HV, 7UL, "hypervisor")]
    [TestCase(Msr.HV | Msr.PR, 7UL, "hypervisor")]
    [TestCase(Msr.HV | Msr.S, 7UL, "hypervisor")]
    [TestCase(0UL, 0UL, "hypervisor")]
    [TestCase(0UL, 7UL, "guest 7")]
    [TestCase(Msr.PR, 7UL, "guest 7")]
    [TestCase(Msr.S, 7UL, "guest 7")]
    public unsafe void AStateIsOfOneWorld(ulong msr, ulong lpid, string expected)
    {
        using var m = new BareMachine();
        m[SprNumber.LPIDR] = lpid;
        m.At(0, msr);
        Assert.That(DebugContext.Of(m.S).ToString(), Is.EqualTo(expected));
        DebugContext[] all = [DebugContext.Any, DebugContext.Hypervisor, DebugContext.Guest(7), DebugContext.Guest(1)];
        foreach (DebugContext context in all)
            Assert.That(context.Matches(m.S), Is.EqualTo(context == DebugContext.Any || context.ToString() == expected), context.ToString());
    }
}
