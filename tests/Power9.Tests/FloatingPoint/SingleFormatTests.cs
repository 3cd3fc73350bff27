using NUnit.Framework;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>The storage conversions of lfs and stfs.</summary>
public class SingleFormatTests
{
    [Test]
    public void WideningIsTheHostsConversionForNumbers()
    {
        foreach (var word in Words())
        {
            var host = BitConverter.UInt32BitsToSingle(word);
            if (!float.IsNaN(host))
            {
                Assert.That(SingleFormat.Widen(word), Is.EqualTo(BitConverter.DoubleToUInt64Bits(host)), $"{word:X8}");
            }
        }
    }

    [Test]
    public void NarrowingUndoesWidening()
    {
        foreach (var word in Words())
        {
            Assert.That(SingleFormat.Narrow(SingleFormat.Widen(word)), Is.EqualTo(word), $"{word:X8}");
        }
    }

    [TestCase(0x7F800001u, 0x7FF0000020000000UL)]
    [TestCase(0xFFC12345u, 0xFFF82468A0000000UL)]
    [TestCase(0x7FBFFFFFu, 0x7FF7FFFFE0000000UL)]
    public void NansKeepPayloadAndSignalling(uint word, ulong image) =>
        Assert.That(SingleFormat.Widen(word), Is.EqualTo(image));

    private static IEnumerable<uint> Words()
    {
        var source = new OperandSource(77);
        return Enumerable.Range(0, 50_000).Select(_ => (uint)source.Operand(OracleFormat.Single));
    }
}
