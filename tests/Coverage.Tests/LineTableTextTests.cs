using NUnit.Framework;
using RenodeUvmem.Coverage.Lines;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>objdump's text.</summary>
public sealed class LineTableTextTests
{
    // As objdump 2.40 prints it: unit, a file that it includes, back, the end of the sequence; then a file without a folder of its own.
    private const string Text =
        """

        vmlinux:     file format elf64-powerpcle

        Contents of the .debug_line section:

        CU: /linux/arch/a.c:
        File name                            Line number    Starting address    View    Stmt
        a.c                                           28  0xc000000000000000               x
        a.c                                           29  0xc000000000000008       1

        /linux/include/b.h:
        b.h                                          465  0xc00000000000000c       2       x

        /linux/arch/a.c:
        a.c                                           38  0xc000000000000010        
        a.c                                            -  0xc000000000000018

        CU: c.c:
        File name                            Line number    Starting address    View    Stmt
        c.c                                            1                   0               x
        ./d.h:[++]
        d.h                                            2                 0x4               x

        """;

    [Test]
    public void Rows() => Assert.That(LineTableText.Read(new StringReader(Text)), Is.EqualTo(new LineRow[]
    {
        new("/linux/arch/a.c", 0xC000000000000000, "/linux/arch/a.c", 28, true),
        new("/linux/arch/a.c", 0xC000000000000008, "/linux/arch/a.c", 29, false),
        new("/linux/arch/a.c", 0xC00000000000000C, "/linux/include/b.h", 465, true),
        new("/linux/arch/a.c", 0xC000000000000010, "/linux/arch/a.c", 38, false),
        new("/linux/arch/a.c", 0xC000000000000018, "/linux/arch/a.c", 0, false),
        new("c.c", 0, "c.c", 1, true),
        new("c.c", 4, "./d.h", 2, true),
    }));

    [Test]
    public void Spans() => Assert.That(
        LineSpan.Of(LineTableText.Read(new StringReader(Text))).Select(span => $"{span.Line} {span.Start & 0xFF:x}-{span.End & 0xFF:x}"),
        Is.EqualTo(new[] { "28 0-8", "29 8-c", "465 c-10", "38 10-18", "1 0-4" }));
}
