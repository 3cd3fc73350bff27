using NUnit.Framework;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Tests;

internal sealed class ElfImageTests
{
    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void EntryIsTranslatedToARealAddress([Values] bool littleEndian)
    {
        var builder = new ElfBuilder
        {
            LittleEndian = littleEndian,
            Virtual = 0xC000000000010000,
            Physical = 0x20000,
            Code = new byte[64],
            Entry = 0xC000000000010010,
            MemorySize = 0x1000,
        };
        ElfImage image = Read(builder.Build());
        Assert.Multiple(() =>
        {
            Assert.That(image.RealEntry, Is.EqualTo(0x20010));
            Assert.That(image.Segments, Is.EqualTo(new[] { new ElfSegment(120, 64, 0xC000000000010000, 0x20000, 0x1000) }));
            Assert.That(image.Symbols(), Is.Empty);
        });
    }

    [Test]
    public void TextIsRefused() => AssertRefused("#!/bin/sh\necho this is no kernel, but long enough to be taken for a header\n"u8.ToArray(), "not an ELF file");

    [Test]
    public void ShortFileIsRefused() => AssertRefused([1, 2, 3], "too short");

    [Test]
    public void EmptyFileIsRefused() => AssertRefused([], "too short");

    [Test]
    public void Elf32IsRefused() => AssertRefused(new ElfBuilder { Class = 1 }.Build(), "a 32-bit ELF file");

    [Test]
    public void OtherMachineIsRefused() => AssertRefused(new ElfBuilder { Machine = 62 }.Build(), "machine 62");

    [Test]
    public void ObjectFileIsRefused() => AssertRefused(new ElfBuilder { Type = 1 }.Build(), "not an executable");

    [Test]
    public void EntryOutsideOfSegmentsIsRefused() => AssertRefused(new ElfBuilder { Entry = 0x1234 }.Build(), "entry point 0x1234 lies in no segment");

    [Test]
    public void FileLargerThanMemoryIsRefused() => AssertRefused(new ElfBuilder { MemorySize = 2 }.Build(), "more bytes in the file than in memory");

    [Test]
    public void EverySmallerFileIsRefusedWithoutOtherHarm()
    {
        byte[] whole = new ElfBuilder { Code = new byte[16] }.Build();
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => Read(whole[..length]), Throws.TypeOf<OptionException>(), $"{length} bytes");
    }

    [Test]
    public void DamagedHeadersNeverDoOtherHarm()
    {
        byte[] whole = new ElfBuilder { Code = new byte[16] }.Build();
        var random = new Random(1);
        for (int n = 0; n < 2000; n++)
        {
            byte[] damaged = [.. whole];
            for (int k = 0; k < 3; k++)
                damaged[random.Next(120)] = (byte)random.Next(256);
            try
            {
                _ = Read(damaged).Symbols().ToList();
            }
            catch (OptionException e)
            {
                Assert.That(e.Message, Does.StartWith("--kernel: ").And.Not.Contain("\n"));
            }
        }
    }

    private ElfImage Read(byte[] bytes)
    {
        using InputFile file = InputFile.Open("--kernel", files.Write("kernel", bytes));
        ElfImage image = ElfImage.Read(file);
        _ = image.Symbols().ToList();
        return image;
    }

    private void AssertRefused(byte[] bytes, string reason) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<OptionException>().With.Message.StartsWith("--kernel: ").And.Message.Contains(reason));
}
