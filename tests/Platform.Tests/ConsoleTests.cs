using System.Text;
using NUnit.Framework;
using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Platform.Tests;

internal sealed class ConsoleTests
{
    [Test]
    public void TextIsFoundAcrossWritesOncePerLine()
    {
        var lines = new ConsoleLines();
        int found = 0;
        lines.OnText("abab", () => found++);
        Feed(lines, "xaba");
        Assert.That(found, Is.Zero);
        Feed(lines, "b");
        Assert.That(found, Is.EqualTo(1), "without a line end");
        Feed(lines, "abab\n");
        Assert.That(found, Is.EqualTo(1), "once in a line");
        Feed(lines, "ab\nab\nabab");
        Assert.That(found, Is.EqualTo(2), "not across lines");
    }

    [Test]
    public void LinesAreCompletedWithoutTheirEnds()
    {
        var lines = new ConsoleLines();
        var seen = new List<string>();
        lines.Completed += seen.Add;
        Feed(lines, "one\r\ntwo\nthr");
        Feed(lines, "ee\n");
        Assert.That(seen, Is.EqualTo(new[] { "one", "two", "three" }));
    }

    [Test]
    public void ScriptTypesInOrder()
    {
        var port = new ConsolePort(new FakeConsole());
        var lines = new ConsoleLines();
        port.Written += lines.Add;
        var script = new ConsoleScript(port, lines);
        script.Add("login:", "root\r");
        script.Add("# ", "exit\r");
        port.Write("# not yet\n"u8.ToArray());
        Assert.That(port.HasInput, Is.False);
        port.Write("login:"u8.ToArray());
        Assert.That(Encoding.ASCII.GetString(port.Take(100)), Is.EqualTo("root\r"));
        port.Write("\n# "u8.ToArray());
        Assert.That(Encoding.ASCII.GetString(port.Take(100)), Is.EqualTo("exit\r"));
        port.Write("\nlogin:\n# "u8.ToArray());
        Assert.That(port.HasInput, Is.False, "each step once");
    }

    private static void Feed(ConsoleLines lines, string text) => lines.Add(Encoding.Latin1.GetBytes(text));
}
