using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>Instructions of the segment lookaside buffer (ISA 3.0B Book III 5.9.3.2), and that cached translations go with their segments.</summary>
public sealed unsafe class SlbTests
{
    private const ulong Place = 0x20000000;
    private static readonly Segment First = new(Place, 0x777, 16, IsLarge: false);
    private static readonly Segment Second = First with { Vsid = 0x888 };

    [Test]
    public void WhatIsWrittenIsRead([Values(0, 7, 31)] int index, [Values] bool large)
    {
        using var m = new BareMachine();
        Segment segment = new(0xD000080000000000, 0x12345, 16, large, Flags: 0xE80);
        m.Enter(Context.HostReal, Word("slbmte", 7, 6), Word("slbmfee", 8, 5), Word("slbmfev", 9, 5));
        m.WithGpr(5, (ulong)index).WithGpr(6, segment.Entry(index)).WithGpr(7, segment.Descriptor).Run(3);
        Assert.That(m.Gpr(8), Is.EqualTo(0xD000080008000000), "ESID and V");
        Assert.That(m.Gpr(9), Is.EqualTo(segment.Descriptor));
    }

    [Test]
    public void SearchTellsByCr0([Values] bool there, [Values] bool overflow)
    {
        using var m = new BareMachine();
        if (there)
            m.Cpu.WriteSegment(First.Entry(9), First.Descriptor);
        m.S->So = overflow ? (byte)1 : (byte)0;
        m.Enter(Context.HostReal, Word("slbfee.", 8, 6)).WithGpr(6, Place).WithGpr(8, 99).Run(1);
        Assert.That(m.Gpr(8), Is.EqualTo(there ? First.Descriptor : 0));
        Assert.That(m.S->Cr[0], Is.EqualTo((there ? 2 : 0) | (overflow ? 1 : 0)));
    }

    /// <summary>IH 0, 1, 2, 6: all but entry 0. 3: those of class 1. 4: all. 7: none (ISA 3.0B Book III 5.9.3.2; QEMU helper_slbia; Linux slb.c on 3).</summary>
    [TestCase(0, "0")]
    [TestCase(1, "0")]
    [TestCase(2, "0")]
    [TestCase(3, "2 31")]
    [TestCase(4, "")]
    [TestCase(6, "0")]
    [TestCase(7, "0 1 2 31")]
    public void InvalidateAll(int ih, string left)
    {
        using var m = new BareMachine();
        foreach ((int index, ulong flags) in ((int, ulong)[])[(0, 0x80), (1, 0x80), (2, 0), (31, 0)])
            m.Cpu.WriteSegment(First.Entry(index), (First with { Flags = flags }).Descriptor);
        m.Enter(Context.HostReal, Word("slbia", ih)).Run(1);
        int[] valid = [.. Enumerable.Range(0, 32).Where(index => (m.Cpu.Slb.Esid((ulong)index) & (1UL << 27)) != 0)];
        Assert.That(string.Join(' ', valid), Is.EqualTo(left));
    }

    [Test]
    public void InvalidateOne([Values] bool large)
    {
        using var m = new BareMachine();
        Segment segment = new(0x50000000000, 1, 12, large, Flags: 0);
        m.Cpu.WriteSegment(segment.Entry(4), segment.Descriptor);
        m.Cpu.WriteSegment((segment with { Esid = 0x60000000000 }).Entry(5), segment.Descriptor);

        // An address in the middle of a large segment is in it, too; B in bits 37:38.
        ulong rb = 0x50000000000 | (large ? 0x1230000000UL | (1UL << 25) : 0);
        m.Enter(Context.HostReal, Word("slbie", 6)).WithGpr(6, rb).Run(1);
        Assert.That(m.Cpu.Slb.Esid(4) & (1UL << 27), Is.Zero);
        Assert.That(m.Cpu.Slb.Esid(5) & (1UL << 27), Is.Not.Zero);
    }

    [TestCase("slbie", TestName = "after slbie")]
    [TestCase("slbia", TestName = "after slbia")]
    [TestCase("slbmte", TestName = "after slbmte over it")]
    public void AnotherSegmentAtTheSamePlace(string how)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser])
        {
            foreach (AccessKind kind in Enum.GetValues<AccessKind>())
            {
                using var h = new HashMachine();
                TwoPages(h, context);
                Manage(h, "slbmte", First.Entry(9), First.Descriptor, context);
                Assert.That(Use(h, context, kind), Is.EqualTo(1));
                if (how != "slbmte")
                    Manage(h, how, Place, 0, context);

                // slbia takes the kernel's other segments, too.
                h.Load(1, HashMachine.User);
                Manage(h, "slbmte", Second.Entry(9), Second.Descriptor, context);
                Assert.That(Use(h, context, kind), Is.EqualTo(2), $"{context}, {kind}");
            }
        }
    }

    /// <summary>Without its segment a page can't be reached, cached or not.</summary>
    [Test]
    public void NoSegmentAnyMore([Values("slbie", "slbia")] string how, [Values] AccessKind kind)
    {
        using var h = new HashMachine();
        TwoPages(h, Context.GuestKernel);
        h.Load(9, First);
        Use(h, Context.GuestKernel, kind);
        Manage(h, how, Place, 0, Context.GuestKernel);
        h.Access(Context.GuestKernel, kind, Place).RunToInterrupt();
        Assert.That((Vector)h.Machine.Nia, Is.EqualTo(kind == AccessKind.Fetch ? Vector.InstructionSegment : Vector.DataSegment));
    }

    [Test]
    public void NoneOfThemInProblemState([Values("slbmte", "slbmfee", "slbmfev", "slbfee.", "slbie", "slbia", "slbieg", "slbsync")] string mnemonic)
    {
        using var m = new BareMachine();
        long[] operands = mnemonic switch
        {
            "slbie" => [6],
            "slbia" => [0],
            "slbsync" => [],
            _ => [7, 6],
        };
        m.Enter(Context.GuestUser, Word(mnemonic, operands)).RunToInterrupt();
        Assert.That((Vector)m.Nia, Is.EqualTo(Vector.Program));
    }

    // Segment First has a page that says 1, Second at the same place one that says 2.
    private static void TwoPages(HashMachine h, Context context)
    {
        foreach ((Segment segment, ulong real, long value) in ((Segment, ulong, long)[])[(First, 0x50000, 1), (Second, 0x60000, 2)])
        {
            h.TableOf(context).Map(segment, Place, real, 16, HashTable.OpenPage);
            h.Machine.Put(real, Word("addi", 4, 0, value), Word("addi", 4, 4, 0));
        }
    }

    // What the page says: by its first word, by where a store arrives, or by executing it.
    private static ulong Use(HashMachine h, Context context, AccessKind kind)
    {
        BareMachine m = h.Machine;
        switch (kind)
        {
            case AccessKind.Load:
                return h.Read(context, Place) & 0xFFFF;
            case AccessKind.Fetch:
                return h.Access(context, kind, Place).Run(1).Gpr(4);
            default:
                m.Word(0x50000) = m.Word(0x60000) = 0;
                h.Access(context, kind, Place).WithGpr(4, 5).Run(1);
                return m.Word(0x50000) == 5 ? 1UL : m.Word(0x60000) == 5 ? 2UL : 0;
        }
    }

    private static void Manage(HashMachine h, string mnemonic, ulong rb, ulong rs, Context context)
    {
        long[] operands = mnemonic switch
        {
            "slbie" => [6],
            "slbia" => [0],
            _ => [7, 6],
        };
        h.Manage(Word(mnemonic, operands), rb, rs, (context.Msr & Msr.HV) == 0);
    }
}
