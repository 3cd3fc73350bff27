using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests;

/// <summary>A CPU and memory, nothing else: code by hand.</summary>
[TestFixture]
[RequiresRenode]
internal sealed class BareMetalTests
{
    // Big-endian, as a CPU without firmware is: "b ." and "nop" (ISA 3.0B Book I 2.4, 3.3.13), written by a little-endian bus.
    private const string BranchToSelf = "0x00000048";
    private const string Nop = "0x00000060";

    private RenodeProcess renode = null!;

    [OneTimeSetUp]
    public void Start()
    {
        renode = RenodeProcess.Start();
        renode.LoadPlugin();
    }

    [OneTimeTearDown]
    public void End() => renode.Dispose();

    [SetUp]
    public void Build()
    {
        renode.Run("Reset Emulation");
        renode.Command("mach create");
        renode.Command("machine LoadPlatformDescriptionFromString \"ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x100000 }\"");
        renode.Command("machine LoadPlatformDescriptionFromString \"cpu0: CPU.Power9 @ sysbus\"");
        renode.Command("cpu0 PC 0x1000");
        renode.Command($"sysbus WriteDoubleWord 0x1000 {BranchToSelf}");
    }

    [Test]
    public void A_millisecond_is_512_000_instructions()
    {
        renode.Command("emulation RunFor \"0.001\"");
        Assert.That(Number(renode.Command("cpu0 ExecutedInstructions")), Is.EqualTo(512_000));
    }

    [Test]
    public void What_the_Monitor_writes_over_code_is_executed()
    {
        renode.Command("emulation RunFor \"0.001\"");
        renode.Command($"sysbus WriteDoubleWord 0x1004 {BranchToSelf}");
        renode.Command($"sysbus WriteDoubleWord 0x1000 {Nop}");
        renode.Command("emulation RunFor \"0.001\"");
        Assert.That(Number(renode.Command("cpu0 PC")), Is.EqualTo(0x1004));
    }

    private static ulong Number(string answer) => Convert.ToUInt64(answer.Trim()[2..], 16);
}
