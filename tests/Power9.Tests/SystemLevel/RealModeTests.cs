using NUnit.Framework;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Addressing with relocation off (ISA 3.0B Book III 5.7.3; ultravisor state as of the Secure Memory Facility).</summary>
public sealed class RealModeTests
{
    private const ulong Offset = 16 << 20;

    [Test]
    public void HrmorIsOredIntoHypervisorAddresses()
    {
        using var m = new BareMachine();
        m.Word(Offset + BareMachine.Data) = 7;
        m.Put(Offset + BareMachine.Code, Word("ld", 4, 0, 3)).At(BareMachine.Code, BareMachine.HypervisorMsr).WithGpr(3, BareMachine.Data);
        m[SprNumber.HRMOR] = Offset;
        m.Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(7));
    }

    [Test]
    public void EffectiveAddressBit0BypassesHrmor()
    {
        using var m = new BareMachine();
        m.Word(BareMachine.Data) = 8;
        m[SprNumber.HRMOR] = Offset;
        m.Put(BareMachine.Code, Word("ld", 4, 0, 3)).At((1UL << 63) | BareMachine.Code, BareMachine.HypervisorMsr).WithGpr(3, (1UL << 63) | BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(8));
    }

    [Test]
    public void TheUpperFourBitsOfARealAddressAreIgnored([Values(0xCUL, 0x8UL, 0x1UL, 0x3UL)] ulong top, [Values] bool guest)
    {
        using var m = new BareMachine();
        m.Word((guest ? BareMachine.GuestBase : 0) + BareMachine.Data) = 9;
        m.Access(guest ? Context.GuestReal : Context.HostReal, AccessKind.Load, (top << 60) | BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(9));
    }

    [Test]
    public void AGuestsRealModeIsTranslatedByItsPartition()
    {
        using var m = new BareMachine();
        m[SprNumber.HRMOR] = Offset;
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 10;
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(10));
    }

    [Test]
    public void WritingHrmorTakesEffectOnCachedAddresses()
    {
        using var m = new BareMachine();
        m.Word(BareMachine.Data) = 1;
        m.Word(Offset + BareMachine.Data) = 2;
        m.Put(Offset + BareMachine.Code + 8, Word("ld", 4, 0, 3));
        m.Enter(Context.HostReal, Word("ld", 4, 0, 3), Word("mtspr", SprNumber.HRMOR, 5)).WithGpr(3, BareMachine.Data).WithGpr(5, Offset).Run(3);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void TheUltravisorUsesUrmorAndNotHrmor()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.HRMOR] = Offset;
        m.Word(BareMachine.SecureBase + BareMachine.Data) = 11;
        m.Access(Context.Ultravisor, AccessKind.Load, BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(11));
    }

    [Test]
    public void TheUltravisorReachesNormalMemoryThroughBit0()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Word(BareMachine.Data) = 12;
        m.Access(Context.Ultravisor, AccessKind.Load, (1UL << 63) | BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(12));
    }

    /// <summary>
    /// POWER9 adds the instruction's own word to what mtspr writes to URMOR. Firmware subtracts 0x7C800000 first (ultravisor core/urmor.c) or the word
    /// itself, 0x7C997BA6 for r4 (hostboot src/kernel/shutdown.S) and 0x7C797BA6 for r3 (src/bootloader/bl_start.S): all must give the base.
    /// </summary>
    [TestCase(4, 0x7C997BA6UL)]
    [TestCase(4, 0x7C800000UL)]
    [TestCase(3, 0x7C797BA6UL)]
    public void MtsprToUrmorAddsTheInstruction(int register, ulong correction)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.Ultravisor, Word("mtspr", SprNumber.URMOR, register)).WithGpr(register, BareMachine.SecureBase - correction).Run(1);
        Assert.That(m[SprNumber.URMOR], Is.EqualTo(BareMachine.SecureBase));
    }
}
