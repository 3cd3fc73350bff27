using NUnit.Framework;
using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>Files: what was written is read, several make one, and anything else is one clear line.</summary>
public sealed class CoverageFileTests
{
    private const ulong Start = 0xC000000000000000;

    private string folder = "";

    private static byte[] Identity(byte mark) => [.. Enumerable.Repeat(mark, KernelCode.IdentitySize)];

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("uvmem-coverage-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5)]
    [TestCase(100_000)]
    public void RoundTrip(int count)
    {
        var random = new Random(count);
        var data = new CoverageData(Identity(1), Start, count);
        foreach (int lpid in new[] { 0, 1, DebugContext.MaximumLpid })
            data.Add(lpid, Notes(random, count));
        CoverageData read = CoverageFile.Read("file", Write(data));
        Assert.That((read.Start, read.Count), Is.EqualTo((Start, count)));
        Assert.That(read.Identity, Is.EqualTo(data.Identity));
        Assert.That(read.Worlds, Is.EqualTo(data.Worlds));
        foreach (int lpid in data.Worlds)
            Assert.That(read.Of(lpid).SequenceEqual(data.Of(lpid)), Is.True, $"LPID {lpid}");
    }

    [Test]
    public void SameDataIsTheSameFile()
    {
        byte[] first = File.ReadAllBytes(Write(Sample()));
        Assert.That(File.ReadAllBytes(Write(Sample())), Is.EqualTo(first));
    }

    [Test]
    public void FilesMerge()
    {
        CoverageData sum = new(Identity(1), Start, 4);
        sum.Add(0, [0, 1, 2, 3]);
        CoverageData other = new(Identity(1), Start, 4);
        other.Add(0, [1, 2, 2, 0]);
        other.Add(7, [3, 0, 0, 1]);
        Assert.That(sum.TryAdd(other), Is.True);
        Assert.That(sum.Of(0).ToArray(), Is.EqualTo(new byte[] { 1, 3, 2, 3 }));
        Assert.That(sum.Of(7).ToArray(), Is.EqualTo(new byte[] { 3, 0, 0, 1 }));
        Assert.That(sum.At(Start, lpid => lpid != 0), Is.EqualTo(CoverageBits.Both));
        Assert.That(sum.At(Start, lpid => lpid == 0), Is.EqualTo(CoverageBits.Next));
        Assert.That(sum.At(Start + 16, _ => true), Is.EqualTo(CoverageBits.None), "behind the end");
        Assert.That(sum.At(Start - 4, _ => true), Is.EqualTo(CoverageBits.None), "before the start");
    }

    [Test]
    public void AnotherKernelDoesNotMerge()
    {
        CoverageData data = Sample();
        Assert.That(data.TryAdd(new CoverageData(Identity(2), Start, data.Count)), Is.False);
        Assert.That(data.TryAdd(new CoverageData(Identity(1), Start + 4096, data.Count)), Is.False);
        Assert.That(data.TryAdd(new CoverageData(Identity(1), Start, data.Count + 1)), Is.False);
    }

    [TestCase("", "this is no coverage file of uvmem boot --coverage")]
    [TestCase("x", "this is no coverage file of uvmem boot --coverage")]
    public void OtherFile(string text, string message) => Refused(System.Text.Encoding.ASCII.GetBytes(text.PadRight(text.Length * 1000, 'x')), message);

    [Test]
    public void OtherFormat()
    {
        byte[] bytes = File.ReadAllBytes(Write(Sample()));
        bytes[8] = 9;
        Refused(bytes, "the file has format 9, this program reads format 1");
    }

    [Test]
    public void EveryFlippedByteIsSeen()
    {
        byte[] good = File.ReadAllBytes(Write(Sample()));
        for (int n = 12; n < good.Length; n++)
        {
            byte[] bytes = [.. good];
            bytes[n] ^= 0x10;
            Refused(bytes, "the file is damaged or cut off: its checksum does not fit");
        }
    }

    [Test]
    public void EveryCutIsSeen()
    {
        byte[] good = File.ReadAllBytes(Write(Sample()));
        for (int n = 0; n < good.Length; n++)
            Assert.That(() => Read(good[..n]), Throws.TypeOf<OptionException>(), $"{n} bytes");
    }

    /// <summary>A file with a right checksum over numbers that can't be.</summary>
    [TestCase(52, int.MaxValue, "2147483647 instructions in 2 worlds can't be")]
    [TestCase(52, -1, "-1 instructions in 2 worlds can't be")]
    [TestCase(56, 5000, "10 instructions in 5000 worlds can't be")]
    [TestCase(56, 3, "the file is damaged: what is in it can't be unpacked")]
    [TestCase(52, 1000, "the file is damaged: what is in it can't be unpacked")]
    public void ForgedNumbers(int offset, int value, string message)
    {
        byte[] bytes = File.ReadAllBytes(Write(Sample()));
        BitConverter.TryWriteBytes(bytes.AsSpan(offset), value);
        int end = bytes.Length - 32;
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, end), bytes.AsSpan(end));
        Refused(bytes, message);
    }

    [Test]
    public void MissingFile() => Assert.That(() => CoverageFile.Read("file", "/nonexistent/x"), Throws.TypeOf<OptionException>().With.Message.EqualTo("file: no file /nonexistent/x"));

    private static CoverageData Sample()
    {
        var data = new CoverageData(Identity(1), Start, 10);
        data.Add(0, Notes(new Random(1), 10));
        data.Add(3, Notes(new Random(2), 10));
        return data;
    }

    private static byte[] Notes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(4))];

    private static void CheckOneLine(string message) => Assert.That(message, Does.Not.Contain("\n"));

    private void Refused(byte[] bytes, string message)
    {
        OptionException refusal = Assert.Throws<OptionException>(() => Read(bytes))!;
        Assert.That(refusal.Message, Does.EndWith(": " + message));
        CheckOneLine(refusal.Message);
    }

    private CoverageData Read(byte[] bytes)
    {
        string path = Path.Combine(folder, "bad.cov");
        File.WriteAllBytes(path, bytes);
        return CoverageFile.Read("file", path);
    }

    private string Write(CoverageData data)
    {
        string path = Path.Combine(folder, "good.cov");
        using (FileStream file = File.Create(path))
            CoverageFile.Write(file, data);
        return path;
    }
}
