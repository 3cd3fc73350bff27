using NUnit.Framework;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Names of addresses, by whose code it is.</summary>
internal sealed class MachineSymbolsTests
{
    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [TestCase(0xC000000000001004UL, World.Hypervisor, "host_function+0x4")]
    [TestCase(0xC000000000001004UL, World.Guest, "guest_function+0x4")]
    [TestCase(0xC000000000001004UL, World.SecureGuest, "guest_function+0x4")]
    [TestCase(0xC000000000001004UL, World.Device, null)]
    [TestCase(0x1004UL, World.Hypervisor, "host_function+0x4", TestName = "RealMode")]
    [TestCase(0x0UL, World.Hypervisor, null)]
    [TestCase(0xC0080000_00001004UL, World.Hypervisor, null, TestName = "Module")]
    public void TableOfTheWorld(ulong address, World world, string? name)
    {
        var symbols = new MachineSymbols
        {
            Hypervisor = Map("host", "c000000000001000 T host_function\n"),
            Guest = Map("guest", "c000000000001000 T guest_function\n"),
        };
        Assert.That(symbols.Describe(address, world, 1), Is.EqualTo(name));
    }

    [Test]
    public void WithoutTablesNothingHasAName() => Assert.That(new MachineSymbols().Describe(0xC000000000001004, World.Hypervisor, 0), Is.Null);

    private SymbolTable Map(string name, string text) => SymbolTable.OfSystemMap("--symbols", files.Write(name, System.Text.Encoding.ASCII.GetBytes(text)));
}
