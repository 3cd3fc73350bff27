using NUnit.Framework;
using RenodeUvmem.Platform.Probes;

namespace RenodeUvmem.Platform.Tests.Probes;

/// <summary>Texts of gates and overrides.</summary>
internal sealed class ProbeParserTests
{
    [Test]
    public void GateHasAllWords()
    {
        Gate gate = ProbeParser.ParseGate("gfn_to_pfn at=return cpu=4 r4=0x12 r5=3 from=f within=g nth=2 count=every after console=begin until UV_PAGE_IN gfn=0x12 cpu=0");
        Assert.Multiple(() =>
        {
            Assert.That(gate.At.Place, Is.EqualTo(new ProbePlace("gfn_to_pfn", 0, AtReturn: true)));
            Assert.That((gate.At.Nth, gate.At.Count), Is.EqualTo((2L, (long?)null)));
            Assert.That((gate.At.Conditions.Cpu, gate.At.Conditions.From, gate.At.Conditions.Within), Is.EqualTo(((uint?)4, "f", "g")));
            Assert.That(gate.At.Conditions.Registers, Is.EqualTo(new[] { (4, 0x12UL), (5, 3UL) }));
            Assert.That(gate.After!.Line, Is.EqualTo("begin"));
            Assert.That(gate.Until!.Answer, Is.Not.Null);
        });
    }

    [TestCase("f until g+0x10 cpu=4", "g+0x10")]
    [TestCase("f until=g at=return", "the return of g")]
    public void GateMayWaitForAPlace(string text, string place) => Assert.That(ProbeParser.ParseGate(text).Until!.Place!.Place.ToString(), Is.EqualTo(place));

    [Test]
    public void GateMayWaitForTime() => Assert.That(ProbeParser.ParseGate("f until ticks=1000").Until!.Ticks, Is.EqualTo(1000));

    [TestCase("f return=-4", -4L)]
    [TestCase("f return=U_PARAMETER", -4L)]
    [TestCase("f return=0xc000000000000010", unchecked((long)0xc000000000000010))]
    public void OverrideHasAValue(string text, long value)
    {
        Override over = ProbeParser.ParseOverride(text);
        Assert.That((long)over.Value, Is.EqualTo(value));
        Assert.That((over.At.Nth, over.At.Count), Is.EqualTo((1L, (long?)1)), "once, if nothing else is said");
    }

    [TestCase("", "nothing would release it")]
    [TestCase("f", "nothing would release it; add until and FUNCTION")]
    [TestCase("until g", "expected FUNCTION")]
    [TestCase("f until", "expected behind until: FUNCTION")]
    [TestCase("f until g until h", "until is given twice")]
    [TestCase("f return=0 until g", "a gate only holds")]
    [TestCase("f at=entry until g", "expected at=return")]
    [TestCase("f+3 until g", "4 bytes")]
    [TestCase("f+x until g", "FUNCTION+OFFSET")]
    [TestCase("f+8 at=return until g", "whole function")]
    [TestCase("f r2=1 until g", "expected r3 to r31")]
    [TestCase("f r3=x until g", "expected a number")]
    [TestCase("f lpid=1 until g", "unknown key lpid; expected at, cpu")]
    [TestCase("f nth=0 until g", "expected 1 or more")]
    [TestCase("f until UV_PAGE_INN", "did you mean UV_PAGE_IN")]
    [TestCase("f until ticks=soon", "expected a number")]
    [TestCase("f cpu=1 cpu=2 until g", "given twice")]
    public void WrongGateSaysWhatIsRight(string text, string part) =>
        Assert.That(() => ProbeParser.ParseGate(text), Throws.TypeOf<FormatException>().With.Message.Contains(part));

    [TestCase("f", "expected return=VALUE")]
    [TestCase("f return=maybe", "expected a number, decimal or 0x…, or a name such as U_PARAMETER")]
    [TestCase("f+4 return=0", "only a whole function")]
    public void WrongOverrideSaysWhatIsRight(string text, string part) =>
        Assert.That(() => ProbeParser.ParseOverride(text), Throws.TypeOf<FormatException>().With.Message.Contains(part));
}
