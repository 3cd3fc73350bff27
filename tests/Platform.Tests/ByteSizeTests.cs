using NUnit.Framework;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Platform.Tests;

internal sealed class ByteSizeTests
{
    [TestCase("0", 0UL)]
    [TestCase("65536", 65536UL)]
    [TestCase("4k", 4096UL)]
    [TestCase("512M", 536870912UL)]
    [TestCase("2G", 2147483648UL)]
    [TestCase("1T", 1099511627776UL)]
    public void Parses(string text, ulong expected)
    {
        Assert.That(ByteSize.TryParse(text, out ulong size), Is.True);
        Assert.That(size, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("G")]
    [TestCase("-1G")]
    [TestCase("+1G")]
    [TestCase("1.5G")]
    [TestCase("1GB")]
    [TestCase("0x10")]
    [TestCase(" 1G")]
    [TestCase("99999999999G")]
    [TestCase("18446744073709551616")]
    public void Refuses(string text) => Assert.That(ByteSize.TryParse(text, out _), Is.False);

    [TestCase(0UL, "0 bytes")]
    [TestCase(1000UL, "1000 bytes")]
    [TestCase(1536UL, "1536 bytes")]
    [TestCase(2048UL, "2 KiB")]
    [TestCase(2147483648UL, "2 GiB")]
    public void Writes(ulong size, string expected) => Assert.That(ByteSize.Text(size), Is.EqualTo(expected));
}
