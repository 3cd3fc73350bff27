using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests;

/// <summary>The plugin loads, twice too, and its platform description makes a machine.</summary>
[TestFixture]
[RequiresRenode]
internal sealed class SmokeTests
{
    private RenodeProcess renode = null!;

    [OneTimeSetUp]
    public void Start()
    {
        renode = RenodeProcess.Start();
        renode.LoadPlugin();
        renode.LoadPlugin();
    }

    [OneTimeTearDown]
    public void End() => renode.Dispose();

    [SetUp]
    public void Clear() => renode.Run("Reset Emulation");

    [Test]
    public void Renode_has_a_supported_version()
    {
        Match version = Regex.Match(renode.Command("version"), @"version (\d+\.\d+\.\d+)");
        Assert.That(Version.Parse(version.Groups[1].Value), Is.GreaterThanOrEqualTo(new Version(1, 16, 1)));
    }

    [Test]
    public void The_platform_description_makes_a_machine_with_all_peripherals()
    {
        renode.Command("mach create");
        renode.Command($"machine LoadPlatformDescription @{RenodePlaces.Platform}");
        string peripherals = renode.Command("peripherals");
        foreach (string name in (string[])["cpu0 (Power9)", "ram (MappedMemory)", "smc (SecureMemoryController)", "xive (Xive)", "console (OpalConsole)", "opal (OpalFirmware)", "uv (PowerUltravisor)"])
            Assert.That(peripherals, Does.Contain(name));
    }

    [Test]
    public void A_command_that_fails_says_why()
    {
        Assert.That(renode.FailingCommand("mach create nowhere nothing"), Is.Not.Empty);
        Assert.That(Assert.Throws<KeywordException>(() => renode.Run("No Such Keyword"))!.Message, Does.Contain("No Such Keyword"));
    }
}
