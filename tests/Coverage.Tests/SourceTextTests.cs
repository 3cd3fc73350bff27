using NUnit.Framework;
using RenodeUvmem.Coverage.Html;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>Colours of source text.</summary>
public sealed class SourceTextTests
{
    [TestCase("a < b && c", "a &lt; b &amp;&amp; c")]
    [TestCase("return x;", "<span class=\"k\">return</span> x;")]
    [TestCase("x = \"if // a\";", "x = <span class=\"s\">&quot;if // a&quot;</span>;")]
    [TestCase("#define A 1 // if", "<span class=\"d\">#define</span> A 1 <em>// if</em>")]
    [TestCase("a /* if */ b", "a <em>/* if */</em> b")]
    [TestCase("a /*/ if", "a <em>/*/ if</em>")]
    [TestCase("", "")]
    public void OneLine(string text, string markup) => Assert.That(new SourceText().Line(text), Is.EqualTo(markup));

    [Test]
    public void CommentOverLines()
    {
        var text = new SourceText();
        Assert.That(new[] { "a /* b", "if", " */ c /* d */ if", "e" }.Select(text.Line), Is.EqualTo(new[]
        {
            "a <em>/* b</em>",
            "<em>if</em>",
            "<em> */</em> c <em>/* d */</em> <span class=\"k\">if</span>",
            "e",
        }));
    }
}
