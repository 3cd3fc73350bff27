using NUnit.Framework;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Ultravisor.Tests.Fdt;

/// <summary>Reader and writer against the format of Devicetree Specification 0.4 chapter 5.</summary>
public class FdtTests
{
    // The tree { a = <1>; n@2 { b = "x"; c; }; } with one reservation, laid out by hand from the specification.
    private static readonly byte[] ByHand = Convert.FromHexString(
        "d00dfeed" + "000000a2" + "00000048" + "0000009c" + "00000028" + "00000011" + "00000010" + "00000007" + "00000006" + "00000054"
        + "0000000000010000" + "0000000000002000" + "0000000000000000" + "0000000000000000"
        + "00000001" + "00000000"
        + "00000003" + "00000004" + "00000000" + "00000001"
        + "00000001" + "6e403200"
        + "00000003" + "00000002" + "00000002" + "78000000"
        + "00000003" + "00000000" + "00000004"
        + "00000002" + "00000002"
        + "00000009"
        + "00000009" + "00000009" + "00000009"
        + "610062006300");

    [Test]
    public void ReadsBlobLaidOutByHand()
    {
        FdtTree tree = FdtReader.Read(ByHand);
        Assert.Multiple(() =>
        {
            Assert.That(tree.BootCpu, Is.EqualTo(7));
            Assert.That(tree.Reservations, Is.EqualTo(new[] { new FdtReservation(0x10000, 0x2000) }));
            Assert.That(tree.Root.Get("a").AsCell(), Is.EqualTo(1));
            Assert.That(tree.Root.FindNode("n")?.Get("b").AsText(), Is.EqualTo("x"));
            Assert.That(tree.Root.FindNode("n@2")?.Get("c").Value, Is.Empty);
            Assert.That(tree.Root.FindNode("n@3"), Is.Null);
        });
    }

    [Test]
    public void WritesWhatItReads()
    {
        FdtTree tree = Sample();
        FdtTree again = FdtReader.Read(FdtWriter.Write(tree));
        Assert.Multiple(() =>
        {
            Assert.That(again.Reservations, Is.EqualTo(tree.Reservations));
            Assert.That(again.Root.Get("compatible").AsTexts(), Is.EqualTo("first second".Split(' ')));
            Assert.That(again.Root.FindNode("memory@0")?.Get("reg").Value, Is.EqualTo(Convert.FromHexString("00000000000000000000000010000000")));
            Assert.That(again.Root.FindNode("chosen/deep")?.Get("cells").AsCells(), Is.EqualTo(new uint[] { 1, 0x80000000 }));
            Assert.That(again.Root.Descendants().Select(n => n.Name), Is.EqualTo(" memory@0 chosen deep".Split(' ')));
        });
    }

    [Test]
    public void HeaderFieldsFollowTheSpecification()
    {
        byte[] blob = FdtWriter.Write(new FdtTree { BootCpu = 3 });

        // 40 bytes of header, 16 of terminator, FDT_BEGIN_NODE "" FDT_END_NODE FDT_END, no strings.
        Assert.That(Convert.ToHexString(blob), Is.EqualTo(
            "D00DFEED" + "00000048" + "00000038" + "00000048" + "00000028" + "00000011" + "00000010" + "00000003" + "00000000" + "00000010"
            + "00000000000000000000000000000000"
            + "00000001" + "00000000" + "00000002" + "00000009"));
    }

    [Test]
    public void EveryDamagedBlobIsRefusedOrRead([Values(1, 2, 3, 4)] int seed)
    {
        byte[] good = FdtWriter.Write(Sample());
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int n = 0; n < 3; n++)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            try
            {
                FdtReader.Read(bad);
            }
            catch (FdtException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void TruncatedBlobIsRefused()
    {
        byte[] good = FdtWriter.Write(Sample());
        for (int length = 0; length < good.Length; length++)
            Assert.Throws<FdtException>(() => FdtReader.Read(good.AsSpan(0, length)), $"length {length}");
    }

    [Test]
    public void EndlessNestingIsRefused()
    {
        var tree = new FdtTree();
        FdtNode node = tree.Root;
        for (int depth = 0; depth < 200; depth++)
            node = node.AddNode("x");
        Assert.Throws<FdtException>(() => FdtReader.Read(FdtWriter.Write(tree)));
    }

    private static FdtTree Sample()
    {
        var tree = new FdtTree();
        tree.Reservations.Add(new FdtReservation(0x1000, 0x20));
        tree.Root.SetText("compatible", "first", "second");
        tree.Root.AddNode("memory@0").SetTwoCells("reg", 0, 0x10000000).SetText("device_type", "memory");
        tree.Root.AddNode("chosen").Set("flag").AddNode("deep").SetCells("cells", 1, 0x80000000);
        return tree;
    }
}
