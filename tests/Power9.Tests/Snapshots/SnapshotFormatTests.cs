using NUnit.Framework;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Tests.Snapshots;

/// <summary>The frame of snapshots: what was written is read, and whatever is not a whole snapshot of this machine is refused with one line.</summary>
public sealed class SnapshotFormatTests
{
    private const string Fingerprint = "memory 2 GiB, 1 CPU";

    [Test]
    public void ValuesComeBack()
    {
        var reader = new SnapshotReader(Written(), Fingerprint);
        reader.Begin("outer");
        Assert.That(reader.ReadUInt64(), Is.EqualTo(0x8877665544332211));
        reader.Begin("inner", 3);
        Assert.That(reader.ReadText(), Is.EqualTo("Grüße"));
        Assert.That(reader.ReadText(), Is.Null);
        Assert.That(reader.ReadOptional(), Is.Null);
        Assert.That((long?)reader.ReadOptional(), Is.EqualTo(-4));
        Assert.That(reader.ReadBytes(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(reader.ReadBool(), Is.True);
        reader.End();
        Assert.That(reader.ReadInt32(), Is.EqualTo(-1));
        reader.End();
        Assert.That(reader.HasMore, Is.False);
    }

    [Test]
    public void NumbersAreLittleEndian() => Assert.That(Written().AsSpan().IndexOf((ReadOnlySpan<byte>)[0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]), Is.Positive);

    [Test]
    public void EveryCutIsRefused()
    {
        byte[] whole = Written();
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => new SnapshotReader(whole[..length]), Throws.TypeOf<SnapshotException>(), $"{length} bytes");
    }

    [Test]
    public void EveryFlippedBitIsRefused()
    {
        byte[] whole = Written();
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(() => new SnapshotReader(damaged), Throws.TypeOf<SnapshotException>(), $"bit {bit}");
        }
    }

    [Test]
    public void OtherFilesAreRefused() =>
        Assert.That(() => new SnapshotReader(new byte[4096]), Throws.TypeOf<SnapshotException>().With.Message.EqualTo("this is no snapshot"));

    [Test]
    public void AnotherMachineIsRefusedAndBothAreShown() => Assert.That(
        () => new SnapshotReader(Written(), "memory 1 GiB, 1 CPU"),
        Throws.TypeOf<SnapshotException>().With.Message.EqualTo("the snapshot is of another machine: memory 2 GiB, 1 CPU; this one: memory 1 GiB, 1 CPU"));

    [Test]
    public void WrongSectionIsNamed()
    {
        var reader = new SnapshotReader(Written());
        reader.Begin("outer");
        reader.ReadUInt64();
        Assert.That(() => reader.Begin("xics"), Throws.TypeOf<SnapshotException>().With.Message.EqualTo("snapshot, section outer: section xics was expected here, found inner"));
    }

    [Test]
    public void LaterVersionOfASectionIsRefused()
    {
        var reader = new SnapshotReader(Written());
        reader.Begin("outer");
        reader.ReadUInt64();
        Assert.That(() => reader.Begin("inner", 2), Throws.TypeOf<SnapshotException>().With.Message.EqualTo("snapshot, section outer/inner: has version 3, this program knows up to 2"));
    }

    [Test]
    public void SectionThatIsNotReadToItsEndIsRefused()
    {
        var reader = new SnapshotReader(Written());
        reader.Begin("outer");
        Assert.That(reader.End, Throws.TypeOf<SnapshotException>().With.Message.Contains("more than expected"));
    }

    [Test]
    public void NothingIsReadBeyondASection()
    {
        var writer = new SnapshotWriter("");
        writer.Begin("short");
        writer.Write(1);
        writer.End();
        writer.Write(2);
        var reader = new SnapshotReader(writer.ToArray());
        reader.Begin("short");
        Assert.That(reader.ReadUInt64, Throws.TypeOf<SnapshotException>().With.Message.EqualTo("snapshot, section short: ends too early"));
    }

    [TestCase(int.MaxValue)]
    [TestCase(-1)]
    [TestCase(9)]
    public void AbsurdCountIsRefusedBeforeAnythingIsAllocated(int count)
    {
        var writer = new SnapshotWriter("");
        writer.Write(count);
        writer.Write(0UL);
        var reader = new SnapshotReader(writer.ToArray());
        Assert.That(() => reader.ReadCount(int.MaxValue), Throws.TypeOf<SnapshotException>());
    }

    private static byte[] Written()
    {
        var writer = new SnapshotWriter(Fingerprint);
        writer.Begin("outer");
        writer.Write(0x8877665544332211);
        writer.Begin("inner", 3);
        writer.Write("Grüße");
        writer.Write((string?)null);
        writer.Write((ulong?)null);
        writer.Write((long?)-4);
        writer.Write(new byte[] { 1, 2, 3 });
        writer.Write(true);
        writer.End();
        writer.Write(-1);
        writer.End();
        return writer.ToArray();
    }
}
