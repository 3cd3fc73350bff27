using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>The pages' rights: ring numbers of Linux's arch/powerpc/include/asm/xive-regs.h, access maps and operations of QEMU's hw/intc/xive.c.</summary>
internal sealed class TimaTests
{
    private XiveMachine machine = null!;

    [SetUp]
    public void MakeMachine() => machine = new XiveMachine();

    [TearDown]
    public void Free() => machine.Dispose();

    [TestCase(TimaPage.Os, 0x830UL, 2, TestName = "an OS does not acknowledge for the hypervisor")]
    [TestCase(TimaPage.Os, 0x818UL, 4, TestName = "an OS does not pull")]
    [TestCase(TimaPage.Os, 0x38UL, 4, TestName = "an OS does not see the physical ring")]
    [TestCase(TimaPage.Os, 0x18UL, 4, TestName = "an OS does not see who it is")]
    [TestCase(TimaPage.Os, 0x31UL, 1, TestName = "an OS does not see the hypervisor's CPPR")]
    [TestCase(TimaPage.User, 0x10UL, 4, TestName = "a user does not see the OS ring")]
    [TestCase(TimaPage.User, 0x810UL, 2, TestName = "a user does not acknowledge")]
    [TestCase(TimaPage.Hypervisor, 0x12UL, 2, TestName = "no register by 2 bytes")]
    [TestCase(TimaPage.Hypervisor, 0x40UL, 4, TestName = "there are 64 bytes")]
    [TestCase(TimaPage.Hypervisor, 0x810UL, 4, TestName = "acknowledge is of 2 bytes")]
    [TestCase(TimaPage.Hypervisor, 0x1CUL, 8, TestName = "not aligned")]
    public void LoadIsRefused(TimaPage page, ulong offset, int size)
    {
        byte[] before = machine.Xive.FindThread(0)!.Registers.ToArray();
        Assert.That(machine.Load(0, Address(page, offset), size), Is.EqualTo(ulong.MaxValue >> (64 - 8 * size)));
        Assert.That(machine.Log.Warnings, Has.Count.EqualTo(1));
        Assert.That(machine.Log.Warnings[0], Does.Contain($"{page} page").And.Contain($"offset 0x{offset:x}"));
        Assert.That(machine.Xive.FindThread(0)!.Registers.ToArray(), Is.EqualTo(before));
    }

    [TestCase(TimaPage.Os, 0x18UL, 4, TestName = "an OS does not push")]
    [TestCase(TimaPage.Os, 0x10UL, 8, TestName = "an OS does not write its ring")]
    [TestCase(TimaPage.Os, 0x31UL, 1, TestName = "an OS does not open the hypervisor's CPPR")]
    [TestCase(TimaPage.User, 0x11UL, 1, TestName = "a user does not open a CPPR")]
    [TestCase(TimaPage.User, 0x812UL, 1, TestName = "a user makes nothing pending")]
    public void StoreIsRefused(TimaPage page, ulong offset, int size)
    {
        byte[] before = machine.Xive.FindThread(0)!.Registers.ToArray();
        machine.Store(0, Address(page, offset), size, ulong.MaxValue >> (64 - 8 * size));
        Assert.That(machine.Log.Warnings, Has.Count.EqualTo(1));
        Assert.That(machine.Xive.FindThread(0)!.Registers.ToArray(), Is.EqualTo(before));
    }

    [TestCase(0x800UL, 1, "AcknowledgeEbb")]
    [TestCase(0x808UL, 4, "UserContext")]
    public void WhatIsNotThereIsNamed(ulong offset, int size, string name)
    {
        machine.Load(0, Address(TimaPage.Hypervisor, offset), size);
        Assert.That(machine.Log.Warnings, Has.One.Contains(name));
    }

    [TestCase(0xC10UL, "AcknowledgeOsToLine")]
    [TestCase(0xC20UL, "AcknowledgePoolToLine")]
    [TestCase(0xC30UL, "AcknowledgeHypervisorToLine")]
    [TestCase(0xC08UL, "PullUserToLine")]
    public void StoresThatAreNotThereAreNamed(ulong offset, string name)
    {
        machine.Store(0, Address(TimaPage.Hypervisor, offset), 1, 0);
        Assert.That(machine.Log.Warnings, Has.One.Contains(name));
    }

    [Test]
    public void OsPageShowsAndOpensTheOsRing()
    {
        machine.Store(0, Address(TimaPage.Os, 0x11), 1, 3);
        Assert.That(machine.Load(0, Address(TimaPage.Os, 0x10), 8) >> 48 & 0xFF, Is.EqualTo(3));
        Assert.That(machine.Log.Warnings, Is.Empty);
    }

    /// <summary>skiboot's xive_tima_enable_phys: a byte store sets the valid bit, a byte load gives it.</summary>
    [Test]
    public void PhysicalRingIsValidAfterReset()
    {
        Assert.That(machine.Load(0, Address(TimaPage.Hypervisor, 0x38), 1), Is.EqualTo(0x80));
        machine.Store(0, Address(TimaPage.Hypervisor, 0x38), 1, 0);
        Assert.That(machine.Load(0, Address(TimaPage.Hypervisor, 0x38), 1), Is.Zero);
    }

    [Test]
    public void EachThreadHasItsOwn()
    {
        machine.Store(1, Address(TimaPage.Hypervisor, 0x31), 1, 4);
        Assert.That(machine.Load(1, Address(TimaPage.Hypervisor, 0x31), 1), Is.EqualTo(4));
        Assert.That(machine.Load(0, Address(TimaPage.Hypervisor, 0x31), 1), Is.Zero);
    }

    /// <summary>Address bits that choose a snooper (skiboot include/xive-regs.h).</summary>
    [TestCase(0x80UL)]
    [TestCase(0x100UL)]
    [TestCase(0x180UL)]
    public void LineOfTheBusDoesNotMatter(ulong line)
    {
        machine.Store(0, Address(TimaPage.Hypervisor, 0x31), 1, 4);
        Assert.That(machine.Load(0, Address(TimaPage.Hypervisor, 0x830 | line), 2), Is.EqualTo(4));
    }

    [Test]
    public void BusWithoutThreadIsRefused()
    {
        Power9.Memory.IMmioDevice device = machine.Memory.FindDevice(XiveMap.Tima, out ulong offset)!;
        Assert.That(device.Read(offset, 4), Is.EqualTo(ulong.MaxValue));
        Assert.That(machine.Log.Warnings, Has.One.Contains("not a thread"));
    }

    private static ulong Address(TimaPage page, ulong offset) => XiveMap.Tima + ((ulong)page << 16) + offset;
}
