using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Instructions that leave no trace here, random numbers and the time base.</summary>
public sealed class HintTests
{
    /// <summary>Encodings by hand: hints, and orderings that a machine without caches and queues has anyway.</summary>
    [TestCase(0x7C0004ACu, TestName = "Sync")]
    [TestCase(0x7C00003Cu, TestName = "Wait")]
    [TestCase(0x7C00068Cu, TestName = "CpAbort")]
    [TestCase(0x7E00066Cu, TestName = "Dssall")]
    [TestCase(0x7C0322ACu, TestName = "Dst")]
    [TestCase(0x7C0322ECu, TestName = "Dstst")]
    [TestCase(0x7C00182Cu, TestName = "Icbt")]
    public void DoNothing(uint word)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, word);
        for (int r = 0; r < 32; r++)
            m.WithGpr(r, 0x1000 + (ulong)r);
        m.Run(1);
        Assert.That(m.Nia, Is.EqualTo(Context.GuestUser.CodeAddress + 4));
        Assert.That(Enumerable.Range(0, 32).Select(m.Gpr), Is.EqualTo(Enumerable.Range(0, 32).Select(r => 0x1000 + (ulong)r)));
    }

    /// <summary>
    /// or Rx,Rx,Rx sets PPR[PRI], bits 11:13: ISA 3.0B Book II 3.2 for problem state, Linux's HMT_HIGH and HMT_EXTRA_HIGH for the others. Found by lock-step with QEMU:
    /// a kernel that saves PPR saw none of them.
    /// </summary>
    [TestCase(31, 1, 1, 1)]
    [TestCase(1, 2, 2, 2)]
    [TestCase(6, 3, 3, 3)]
    [TestCase(2, 4, 4, 4)]
    [TestCase(5, 0, 5, 5)]
    [TestCase(3, 0, 6, 6)]
    [TestCase(7, 0, 0, 7)]
    [TestCase(8, 0, 0, 0)]
    public void PriorityHintsSetPpr(int register, int problem, int guest, int hypervisor)
    {
        const ulong Others = 0x0100_0000_0000_0021;
        using var m = new BareMachine();
        foreach ((Context context, int priority) in new[] { (Context.GuestUser, problem), (Context.GuestKernel, guest), (Context.HostKernel, hypervisor) })
        {
            m[SprNumber.PPR] = Others;
            m.Enter(context, Word("or", register, register, register)).WithGpr(register, 0x1234).Run(1);
            Assert.That((m[SprNumber.PPR], m.Gpr(register)), Is.EqualTo((Others | ((ulong)priority << (63 - 13)), 0x1234)), context.ToString());
        }

        // Problem state may be boosted while PSPB is not 0.
        m[SprNumber.PPR] = 0;
        m[SprNumber.PSPB] = 5;
        m.Enter(Context.GuestUser, Word("or", 5, 5, 5)).Run(1);
        Assert.That(m[SprNumber.PPR], Is.EqualTo(5UL << (63 - 13)));
    }

    /// <summary>With different registers or Rc=1 it is an ordinary or.</summary>
    [Test]
    public void OtherOrsLeavePprAlone()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Word("or", 2, 1, 1), Word("or", 1, 2, 1), Word("or", 2, 2, 2) | 1).WithGpr(1, 7).Run(3);
        Assert.That((m[SprNumber.PPR], m.Gpr(2)), Is.EqualTo((0UL, 7)));
    }

    [TestCase("tlbsync")]
    [TestCase("slbsync")]
    public void PrivilegedOrderings(string mnemonic)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word(mnemonic)).Run(1);
        Assert.That(m.Nia, Is.EqualTo(Context.GuestKernel.CodeAddress + 4));
        m.Enter(Context.GuestUser, Word(mnemonic)).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestUser.CodeAddress, (ulong)ProgramCause.Privileged, Context.GuestUser.Msr);
    }

    /// <summary>ISA 3.0B Book I 3.3.9: L=0 is a word, L=1 and 2 a doubleword; all ones is the error value, which the reserved L=3 gives.</summary>
    [Test]
    public void RandomNumbers()
    {
        const uint Darn = 0x7C0005E6;
        const uint R4 = 4 << 21;
        using var m = new BareMachine();
        var seen = new HashSet<ulong>();
        for (uint l = 0; l < 3; l++)
        {
            for (int k = 0; k < 8; k++)
            {
                m.Enter(Context.GuestUser, Darn | R4 | (l << 16)).Run(1);
                Assert.That(seen.Add(m.Gpr(4)), "a number came twice");
                Assert.That(m.Gpr(4) <= uint.MaxValue, Is.EqualTo(l == 0));
            }
        }

        m.Enter(Context.GuestUser, Darn | R4 | (3 << 16)).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void TheTimeBaseIsReadByMftbAndMfspr()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, Word("mftb", 3, 268), Word("mfspr", 4, 268), Word("mftb", 5, 269));
        m[SprNumber.TBU40] = 0x123400000000;
        m.Run(3);
        Assert.That(m.Gpr(4) - m.Gpr(3), Is.LessThan(100UL));
        Assert.That(m.Gpr(3) >> 32, Is.EqualTo(0x1234UL));
        Assert.That(m.Gpr(5), Is.EqualTo(0x1234UL));
    }

    /// <summary>Without firmware its trap word is no instruction.</summary>
    [Test]
    public void TheWordAtTheFirmwaresEntryIsIllegalElsewhere()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, IFirmware.TrapWord).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorEmulationAssistance, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
    }

    /// <summary>The hypervisor names the partition; a guest has only its own, whatever it names.</summary>
    [TestCase(true, BareMachine.Lpid + 1, true)]
    [TestCase(true, BareMachine.Lpid, false)]
    [TestCase(false, BareMachine.Lpid + 1, false)]
    [TestCase(false, BareMachine.Lpid, false)]
    public void SlbiagDropsThePartitionsSegments(bool hypervisor, ulong lpid, bool left)
    {
        const ulong Valid = 1UL << 27;
        using var m = new BareMachine();
        m.Cpu.WriteSegment(0x20000000 | Valid | 3, 0x777000);
        m.Enter(hypervisor ? Context.HostReal : Context.GuestKernel, Word("slbiag", 6)).WithGpr(6, lpid).Run(1);
        Assert.That((m.Cpu.Slb.Esid(3) & Valid) != 0, Is.EqualTo(left));
    }

    /// <summary>On another processor only if it is in that partition: a guest can't take the hypervisor's segments.</summary>
    [Test]
    public void SlbiagLeavesOtherPartitionsAlone()
    {
        const ulong Valid = 1UL << 27;
        using var m = new BareMachine();
        using var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        other.WriteSegment(0x20000000 | Valid | 3, 0x777000);
        m.Enter(Context.GuestKernel, Word("slbiag", 6)).WithGpr(6, 0).Run(1);
        Assert.That(other.Slb.Esid(3) & Valid, Is.Not.Zero);
    }
}
