using NUnit.Framework;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Isa;

public class InstructionTableTests
{
    [Test]
    public void NoTwoRowsClaimTheSameEncoding()
    {
        var byEncoding = new Dictionary<(uint, uint), InstructionRow>();
        var clashes = new List<string>();
        foreach (InstructionRow row in InstructionTable.Instance.Rows)
        {
            if (!byEncoding.TryAdd((row.Mask, row.Value), row))
                clashes.Add($"{row.Declaration.Mnemonic} and {byEncoding[(row.Mask, row.Value)].Declaration.Mnemonic}: mask {row.Mask:x8} value {row.Value:x8}");
        }

        Assert.That(clashes, Is.Empty);
    }
}
