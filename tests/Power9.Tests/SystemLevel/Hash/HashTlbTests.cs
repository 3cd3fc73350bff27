using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;
using static RenodeUvmem.Power9.Tests.SystemLevel.Hash.HashMachine;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>tlbie and tlbiel with R=0 (ISA 3.0B Book III 5.9.3.3), with operands as Linux makes them.</summary>
public sealed class HashTlbTests
{
    [TestCase(12, 12)]
    [TestCase(12, 16)]
    [TestCase(12, 24)]
    [TestCase(16, 16)]
    [TestCase(16, 24)]
    [TestCase(24, 24)]
    public void OnePage(int baseShift, int actualShift)
    {
        foreach (string mnemonic in (string[])["tlbie", "tlbiel"])
        {
            foreach (bool large in (bool[])[false, true])
            {
                foreach (Context context in (Context[])[Context.HostKernel, Context.GuestUser])
                {
                    using var h = new HashMachine();
                    var segment = new Segment(large ? Large : Small, 0x3A5A5, baseShift, large, Flags: 0);
                    h.Load(2, segment);
                    ulong ea = segment.Esid + (5UL << 24) + ((3UL << baseShift) & ((1UL << actualShift) - 1));
                    ulong entry = h.TableOf(context).Map(segment, ea, 16 << 20, actualShift, HashTable.OpenPage);

                    // Everything of the page may be cached, not only its first 4 KiB.
                    ulong last = (ea & ~0xFFFUL) | (((1UL << baseShift) - 1) & ~7UL);
                    Assert.That(() => h.Access(context, AccessKind.Load, ea).Run(1), Throws.Nothing);
                    h.Access(context, AccessKind.Load, last).Run(1);
                    h.TableOf(context).Remove(entry);
                    Invalidate(h, mnemonic, segment.Tlbie(ea, actualShift), context);
                    foreach (ulong place in (ulong[])[ea, last])
                    {
                        h.Access(context, AccessKind.Load, place).RunToInterrupt();
                        Assert.That(h.Machine.Nia & 0xF00, Is.EqualTo((context.Msr & Msr.HV) != 0 ? 0x300 : 0xE00), $"{mnemonic}, {segment}, {context}, 0x{place:x}");
                    }
                }
            }
        }
    }

    /// <summary>KVM invalidates pages of the virtual real mode area with the VSID of that (book3s_hv_rm_mmu.c, compute_tlbie_rb).</summary>
    [Test]
    public void OnePageOfTheVirtualRealModeArea([Values] AccessKind kind)
    {
        using var h = new HashMachine();
        Segment area = HashMachine.Vrma;
        h.Machine.Put(0x50000, Word("addi", 1, 1, 0));
        ulong entry = h.GuestTable.Map(area, 0x2000000, 0, 24, HashTable.OpenPage);
        h.Access(Context.GuestReal, kind, 0x2050000).Run(1);
        h.GuestTable.Remove(entry);
        Invalidate(h, "tlbie", area.Tlbie(0x2050000, 24), Context.GuestReal);
        h.Access(Context.GuestReal, kind, 0x2050000).RunToInterrupt();
        Assert.That(h.Machine.Nia & 0xF00, Is.EqualTo(0xE00));
    }

    /// <summary>Selectors of a partition and of everything.</summary>
    [TestCase("tlbie", 2)]
    [TestCase("tlbie", 3)]
    [TestCase("tlbiel", 2)]
    [TestCase("tlbiel", 3)]
    public void MoreThanAPage(string mnemonic, int selector)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.GuestUser, Context.GuestReal])
        {
            using var h = new HashMachine();
            ulong ea = context == Context.GuestReal ? 0x3000000UL : Small;
            Segment segment = context == Context.GuestReal ? HashMachine.Vrma : new Segment(Small, 0x777, 24, IsLarge: false);
            if (context != Context.GuestReal)
                h.Load(2, segment);
            ulong entry = h.TableOf(context).Map(segment, ea, 0, 24, HashTable.OpenPage, slot: 6);
            h.Access(context, AccessKind.Load, ea).Run(1);
            h.TableOf(context).Remove(entry);
            Invalidate(h, mnemonic, (ulong)selector << 10, context);
            h.Access(context, AccessKind.Load, ea).RunToInterrupt();
            Assert.That(h.Machine.Nia & 0xF00, Is.EqualTo((context.Msr & Msr.HV) != 0 ? 0x300 : 0xE00), context.Name);
        }
    }

    /// <summary>tlbie reaches other processors, each by the segments that it has loaded, wherever these are.</summary>
    [Test]
    public void OnAnotherProcessor()
    {
        using var h = new HashMachine();
        using var other = new Cpu(h.Machine.Memory, 1, h.Machine.Cpu.Group);
        var segment = new Segment(Small, 0x777, 16, IsLarge: false, Flags: 0);
        h.Load(2, segment);
        ulong entry = h.GuestTable.Map(segment, Small, 0x50000, 16, HashTable.OpenPage);
        h.Access(Context.GuestKernel, AccessKind.Load, Small).Run(1);
        h.GuestTable.Remove(entry);
        unsafe
        {
            other.WriteSpecialSpr(SprNumber.LPIDR, 0);
            other.State->Nia = 0x7000;
            h.Machine.Put(0x7000, Word("tlbie", 6, 7, 0, 0, 0));
            other.State->Gpr[6] = segment.Tlbie(Small, 16);
            other.State->Gpr[7] = BareMachine.Lpid;
            other.SetMsr(BareMachine.HypervisorMsr);
            other.Execute(1);
        }

        h.Access(Context.GuestKernel, AccessKind.Load, Small).RunToInterrupt();
        Assert.That((Vector)h.Machine.Nia, Is.EqualTo(Vector.HypervisorDataStorage));
    }

    /// <summary>A snapshot holds segments, the numbers of authorities and what is cached: until tlbie the old entry may be used, and after it the same as without.</summary>
    [Test]
    public void SnapshotsHoldWhatIsCached()
    {
        using var h = new HashMachine();
        var segment = new Segment(Small, 0x777, 16, IsLarge: false, Flags: 0);
        h.Load(2, segment);
        h.Machine[SprNumber.AMR] = 0x30;
        h.HostTable.Map(segment, Small, 0x50000, 16, HashTable.OpenPage);
        h.Machine.Word(0x50000) = 1;
        h.Machine.Word(0x60000) = 2;
        h.Read(Context.HostKernel, Small);
        h.HostTable.Map(segment, Small, 0x60000, 16, HashTable.OpenPage);
        using var copy = new HashMachine();
        Snapshots.CpuSnapshotTests.Copy(h.Machine, copy.Machine);
        ulong[] before = [h.Read(Context.HostKernel, Small), copy.Read(Context.HostKernel, Small)];
        foreach (HashMachine one in (HashMachine[])[h, copy])
            Invalidate(one, "tlbie", segment.Tlbie(Small, 16), Context.HostKernel);
        ulong[] after = [h.Read(Context.HostKernel, Small), copy.Read(Context.HostKernel, Small)];
        Assert.That(before, Is.EqualTo(new ulong[] { 1, 1 }));
        Assert.That(after, Is.EqualTo(new ulong[] { 2, 2 }));
    }

    private static void Invalidate(HashMachine h, string mnemonic, ulong rb, Context context)
    {
        bool guest = (context.Msr & Msr.HV) == 0;
        h.Manage(Word(mnemonic, 6, 7, 0, 0, 0), rb, guest ? BareMachine.Lpid : 0, guest);
    }
}
