using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>What no instruction is, what is reserved, and what is off.</summary>
public sealed class UnassignedOpcodeTests
{
    private const int Seed = 20230906;

    /// <summary>Primary opcode and bits 21:31 in all settings (bits 11:15 too where extended opcodes reach there): what the table does not have is illegal.</summary>
    [Test]
    public void AWordThatIsNoInstructionIsHypervisorEmulationAssistance()
    {
        using var m = new BareMachine();
        Context c = Context.GuestUser;
        var random = new Random(Seed);
        int count = 0;
        for (uint number = 0; number < 64 * 2048; number++)
        {
            uint word = ((number >> 11) << 26) | (number & 0x7FF) | ((uint)random.Next(0x8000) << 11);
            if (InstructionTable.Instance.Find(word) is not null)
                continue;
            m.Enter(c, word);
            m.Cpu.Execute(1);
            count++;
            if (m.Nia != (ulong)Vector.HypervisorEmulationAssistance || m[SprNumber.HEIR] != word || m[SprNumber.HSRR0] != c.CodeAddress)
                Assert.Fail($"{word:x8}: at 0x{m.Nia:x}, HEIR {m[SprNumber.HEIR]:x8}, HSRR0 0x{m[SprNumber.HSRR0]:x}");
        }

        // POWER9 has well above 10,000 unassigned ones of these.
        Assert.That(count, Is.GreaterThan(10_000));
    }

    /// <summary>ISA 3.0B Book I 1.8.3: these extended opcodes of 31 do nothing, whatever their other bits are.</summary>
    [Test]
    public void ReservedNoOperationsDoNothing([Values(530, 562, 594, 626, 658, 690, 722, 754)] int xo, [Values(0u, 0x03FFF801u)] uint rest)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, (31u << 26) | ((uint)xo << 1) | rest);
        for (int r = 0; r < 32; r++)
            m.WithGpr(r, 0x1000 + (ulong)r);
        m.Run(1);
        Assert.That(m.Nia, Is.EqualTo(Context.GuestUser.CodeAddress + 4));
        Assert.That(Enumerable.Range(0, 32).Select(m.Gpr), Is.EqualTo(Enumerable.Range(0, 32).Select(r => 0x1000 + (ulong)r)));
    }

    /// <summary>MSR[TM]=0 (ISA 3.0B Book III 6.5.20): cause 5, in any state that may execute them.</summary>
    [TestCaseSource(nameof(Transactional))]
    public void TransactionalMemoryIsUnavailable(uint word)
    {
        using var m = new BareMachine();
        foreach (Context c in new[] { Context.GuestUser, Context.GuestKernel, Context.HostKernel })
        {
            m.Enter(c, word).RunToInterrupt();
            m.ExpectSrr(Vector.FacilityUnavailable, c.CodeAddress, 0, c.Msr);
            Assert.That(m[SprNumber.FSCR] >> 56, Is.EqualTo(5UL));
        }

        m[SprNumber.HFSCR] &= ~(1UL << 5);
        m.Enter(Context.GuestUser, word).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorFacilityUnavailable, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
    }

    [TestCase("treclaim.", new long[] { 0 })]
    [TestCase("trechkpt.", new long[0])]
    public void PrivilegedTransactionalMemory(string mnemonic, long[] operands)
    {
        using var m = new BareMachine();
        uint word = Word(mnemonic, operands);
        m.Enter(Context.GuestUser, word).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestUser.CodeAddress, (ulong)ProgramCause.Privileged, Context.GuestUser.Msr);
        m.Enter(Context.GuestKernel, word).RunToInterrupt();
        m.ExpectSrr(Vector.FacilityUnavailable, Context.GuestKernel.CodeAddress, 0, Context.GuestKernel.Msr);
    }

    /// <summary>MMCR0[BHRBA], bit 42, opens the branch history to problem state (Linux reg.h, MMCR0_BHRBA); it reads empty.</summary>
    [TestCase("clrbhrb", 0x7C00035Cu)]
    [TestCase("mfbhrbe", 0x7C60025Cu)]
    public void BranchHistoryOfProblemState(string mnemonic, uint word)
    {
        using var m = new BareMachine();
        Assert.That(InstructionTable.Instance.Find(word)!.MnemonicOf(word), Is.EqualTo(mnemonic));
        m.Enter(Context.GuestUser, word).RunToInterrupt();
        m.ExpectSrr(Vector.FacilityUnavailable, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
        Assert.That(m[SprNumber.FSCR] >> 56, Is.EqualTo(4UL));

        m[SprNumber.MMCR0] = 0x200000;
        m.Enter(Context.GuestUser, word).WithGpr(3, 77).Run(1);
        Assert.That(m.Gpr(3), Is.EqualTo(mnemonic == "mfbhrbe" ? 0UL : 77UL));

        m[SprNumber.MMCR0] = 0;
        m.Enter(Context.GuestKernel, word).Run(1);
    }

    private static IEnumerable<uint> Transactional() =>
        new[] { 654, 686, 718, 750, 782, 814, 846, 878, 910 }.Select(xo => (31u << 26) | ((uint)xo << 1) | (xo == 718 ? 0u : 1u));
}
