using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Uvmem.Profiling;

namespace RenodeUvmem.Platform.Tests.Profiling;

/// <summary>A small profile in each of its forms.</summary>
internal sealed class ProfileFormTests
{
    [Test]
    public void FoldedStacksAreWhatFlamegraphReads() =>
        Assert.That(Text(new FoldedStacks()), Is.EqualTo("hypervisor_[k];a:b 200\nhypervisor_[k];a:b;f_[k] 300\n"));

    /// <summary>https://www.speedscope.app/file-format-schema.json: what it requires of a file with sampled profiles.</summary>
    [Test]
    public void SpeedscopeHasWhatItsSchemaRequires()
    {
        using JsonDocument file = JsonDocument.Parse(Text(new SpeedscopeFile()));
        JsonElement root = file.RootElement;
        Assert.That(root.GetProperty("$schema").GetString(), Is.EqualTo("https://www.speedscope.app/file-format-schema.json"));
        int frames = root.GetProperty("shared").GetProperty("frames").GetArrayLength();
        foreach (JsonElement profile in root.GetProperty("profiles").EnumerateArray())
        {
            Assert.That(profile.GetProperty("type").GetString(), Is.EqualTo("sampled"));
            Assert.That(new[] { "bytes", "microseconds", "milliseconds", "nanoseconds", "none", "seconds" }, Does.Contain(profile.GetProperty("unit").GetString()));
            Assert.That(profile.GetProperty("name").GetString(), Is.Not.Empty);
            Assert.That(profile.GetProperty("samples").GetArrayLength(), Is.EqualTo(profile.GetProperty("weights").GetArrayLength()));
            Assert.That(profile.GetProperty("samples").EnumerateArray().SelectMany(stack => stack.EnumerateArray()).Select(frame => frame.GetInt32()), Is.All.InRange(0, frames - 1));
            Assert.That(profile.GetProperty("endValue").GetDouble() - profile.GetProperty("startValue").GetDouble(), Is.EqualTo(profile.GetProperty("weights").EnumerateArray().Sum(weight => weight.GetDouble())));
        }
    }

    [Test]
    public void SpeedscopeIsReadBack()
    {
        string written = Text(new SpeedscopeFile());
        using var again = new MemoryStream();
        new SpeedscopeFile().Write(SpeedscopeReader.Read(Encoding.UTF8.GetBytes(written)), "title", again);
        Assert.That(Encoding.UTF8.GetString(again.ToArray()), Is.EqualTo(written));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"shared":{"frames":[]},"profiles":[{"name":"","unit":"none","samples":[[1]],"weights":[1]}]}""")]
    [TestCase("""{"shared":{"frames":[]},"profiles":[{"name":"","unit":"none","samples":[[-1]],"weights":[1]}]}""")]
    [TestCase("""{"shared":{"frames":[]},"profiles":[{"name":"","unit":"none","samples":[[]],"weights":[]}]}""")]
    [TestCase("""{"shared":{"frames":[{"name":"f","file":"nobody"}]},"profiles":[]}""")]
    [TestCase("""{"shared":{"frames":[{"name":"f"}]},"profiles":[]}""")]
    [TestCase("""{"shared":{"frames":[]},"profiles":[{"name":null,"unit":"none","samples":["x"],"weights":["y"]}]}""")]
    public void WhatIsNoProfileIsRefused(string text) =>
        Assert.That(() => SpeedscopeReader.Read(Encoding.UTF8.GetBytes(text)), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void PictureHasAFrameForEachPlaceAndItsPart()
    {
        XDocument picture = XDocument.Parse(Text(new FlameGraph()));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Dictionary<string, XElement> frames = picture.Descendants(svg + "g").Where(g => (string?)g.Attribute("class") == "f").ToDictionary(g => (string)g.Attribute("data-n")!);
        Assert.That(frames.Keys, Is.EquivalentTo(new[] { "hypervisor", "a;b", "f", "<table walks>" }));
        Assert.That(Width(frames["f"]) / Width(frames["hypervisor"]), Is.EqualTo(300.0 / 500).Within(0.01));
        Assert.That(frames["f"].Element(svg + "title")!.Value, Does.Contain("300 instructions").And.Contain("60.0 %"));
        Assert.That(frames["a;b"].Element(svg + "title")!.Value, Does.Contain("500 instructions").And.Contain("40.0 % here itself"));

        double Width(XElement frame) => (double)frame.Element(svg + "rect")!.Attribute("width")!;
    }

    private static string Text(ProfileForm form)
    {
        var profile = new Profile();
        int world = profile.Tree.Child(0, profile.Add(new ProfileFrame("hypervisor", CodeOwner.HypervisorKernel)));
        int task = profile.Tree.Child(world, profile.Add(new ProfileFrame("a;b", CodeOwner.HypervisorUser)));
        int function = profile.Tree.Child(task, profile.Add(new ProfileFrame("f", CodeOwner.HypervisorKernel)));
        int host = profile.Tree.Child(0, profile.Add(new ProfileFrame("<table walks>", CodeOwner.Host)));
        var instructions = new ProfileTrack("CPU", ProfileTrack.Instructions);
        instructions.Add(function, 100);
        instructions.Add(task, 200);
        instructions.Add(function, 100);
        instructions.Add(function, 100);
        var time = new ProfileTrack("host", ProfileTrack.Milliseconds);
        time.Add(host, 1.5);
        profile.Tracks.AddRange([instructions, time]);
        using var stream = new MemoryStream();
        form.Write(profile, "title", stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
