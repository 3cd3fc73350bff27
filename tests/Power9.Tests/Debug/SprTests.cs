using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>SPRs as a debugger reads and writes them: any of them, in any state.</summary>
public sealed unsafe class SprTests
{
    private const ulong Word = 0xFFFFFFFF;

    // Registers with fewer than 64 bits (ISA 3.0B Book III 5.4.4 and the registers' own sections; URMOR and HRMOR: multiples of 2 MiB).
    private static readonly Dictionary<int, ulong> Bits = new()
    {
        [SprNumber.XER] = 0xE00FFFFF,
        [SprNumber.DSISR] = Word,
        [SprNumber.HDSISR] = Word,
        [SprNumber.HEIR] = Word,
        [SprNumber.VRSAVE] = Word,
        [SprNumber.PIDR] = 0xFFFFF,
        [SprNumber.LPIDR] = 0xFFF,
        [SprNumber.DPDES] = 1,
        [SprNumber.TEXASRU] = Word,
        [SprNumber.TBL] = Word,
        [SprNumber.TBU] = Word,
        [SprNumber.TBU_Read] = Word,
        [SprNumber.TBU40] = ~0xFFFFFFUL,
        [SprNumber.HRMOR] = ~0x1FFFFFUL,
        [SprNumber.URMOR] = ~0x1FFFFFUL,
        [SprNumber.BESCRSU] = Word,
        [SprNumber.BESCRRU] = Word,
        [SprNumber.PPR32] = Word,
        [SprNumber.MMCR0] = Word,

        // What problem state sees of them (ISA 3.0B Book III 9.4.4, 9.4.6; QEMU MMCR0_UREG_MASK, MMCR2_UREG_MASK).
        [SprNumber.MMCR0_User] = 0x84000080,
        [SprNumber.MMCR2_User] = 0x4020100804020000,
        [SprNumber.PSSCR_Supervisor] = 0xF0000000003003FF,
    };

    private static IEnumerable<TestCaseData> Rows() =>
        SprTable.Rows.Select(row => new TestCaseData(row.Number).SetArgDisplayNames(row.Name, $"{row.Number}"));

    [TestCaseSource(nameof(Rows))]
    public void WhatWasWrittenIsRead(int number)
    {
        foreach (ulong value in new[] { 0x123456789ABCDEF0UL, 0xEDCBA9876543210FUL, 0UL })
        {
            using var m = new BareMachine();
            m.At(0, Context.GuestUser.Msr);
            m.Cpu.WriteSpr(number, value);
            ulong expected = number switch
            {
                // A decrementer of LPCR[LD]=0 has 32 bits; HDEC has 56, sign-extended.
                SprNumber.DEC => (uint)value,
                >= SprNumber.PMC1 and < SprNumber.PMC1 + 6 or >= SprNumber.PMC1_User and < SprNumber.PMC1_User + 6 => (uint)value,
                SprNumber.HDEC => (ulong)((long)(value << 8) >> 8),
                _ => value & Bits.GetValueOrDefault(number, ulong.MaxValue),
            };
            Assert.That(m.Cpu.ReadSpr(number), Is.EqualTo(expected));
            Assert.That((m.Cpu.Deliveries, m.S->Executed, m.CurrentMsr), Is.EqualTo((0L, 0L, Context.GuestUser.Msr)));
        }
    }

    [Test]
    public void NumbersThatAreNoSpr()
    {
        using var m = new BareMachine();
        byte[] before = new ReadOnlySpan<byte>(m.S, sizeof(CpuState)).ToArray();
        foreach (int number in new[] { -1, 2, 777, 1022, 1024, 1024 + SprNumber.LR, int.MinValue, int.MaxValue })
        {
            m.Cpu.WriteSpr(number, ulong.MaxValue);
            Assert.That(m.Cpu.ReadSpr(number), Is.Zero, $"{number}");
        }

        Assert.That(new ReadOnlySpan<byte>(m.S, sizeof(CpuState)).SequenceEqual(before), Is.True);
    }

    /// <summary>A write has the effect that the register has: here on the address space.</summary>
    [Test]
    public void AWriteTakesEffect()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostUser, Assembler.Word("addi", 4, 0, 1), Assembler.Word("addi", 4, 0, 2)).Run(1);
        m.Cpu.WriteSpr(SprNumber.PIDR, 7);
        m.RunToInterrupt();
        Assert.That(m.Gpr(4), Is.EqualTo(1), "process 7 has no such page");
    }
}
