using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using static RenodeUvmem.Power9.Tests.Assembler;
using RadixTree = RenodeUvmem.Power9.Tests.SystemLevel.RadixTree;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>A debugger's translation says what an access would find, and leaves no trace.</summary>
public sealed unsafe class QuietTranslationTests
{
    private const ulong Code = BareMachine.Code;
    private const ulong Page = 0x10000000;
    private static readonly DebugContext Guest = DebugContext.Guest(BareMachine.Lpid);
    private static readonly DebugContext SecureGuest = DebugContext.Guest(BareMachine.SecureLpid);

    private static readonly Context[] Contexts =
    [
        Context.HostReal, Context.HostKernel, Context.HostUser, Context.GuestReal, Context.GuestKernel, Context.GuestUser,
        Context.SvmReal, Context.SvmKernel, Context.SvmUser, Context.Ultravisor,
    ];

    private static string Translate(BareMachine m, ulong ea, DebugContext? context, AccessKind kind = AccessKind.Load) =>
        m.Cpu.TryTranslate(ea, kind, context, out ulong real) ? $"{real:x}" : "none";

    /// <summary>Where each context's code and data are, by the tables that the machine was built with.</summary>
    [Test]
    public void TheCurrentContext()
    {
        foreach (Context context in Contexts)
        {
            using BareMachine m = new BareMachine().WithSecureGuest();
            m.Enter(context);
            foreach (AccessKind kind in Enum.GetValues<AccessKind>())
            {
                Assert.That(Translate(m, context.CodeAddress + 0x123, null, kind), Is.EqualTo($"{context.CodeReal + 0x123:x}"), $"{context} {kind}");
                Assert.That(Translate(m, context.CodeAddress + 0x123, DebugContext.Any, kind), Is.EqualTo($"{context.CodeReal + 0x123:x}"), $"{context} {kind}");
            }
        }
    }

    /// <summary>The hypervisor's and the guests' kernel addresses, from wherever the thread is.</summary>
    [Test]
    public void OtherWorldsFromEverywhere()
    {
        foreach (Context context in Contexts)
        {
            using BareMachine m = new BareMachine().WithSecureGuest();
            m.Enter(context);
            Assert.That(Translate(m, BareMachine.KernelBase + 0x40000, DebugContext.Hypervisor), Is.EqualTo("40000"), $"from {context}");
            Assert.That(Translate(m, BareMachine.KernelBase + 0x40000, Guest), Is.EqualTo($"{BareMachine.GuestBase + 0x40000:x}"), $"from {context}");
            Assert.That(Translate(m, BareMachine.KernelBase + 0x40000, SecureGuest), Is.EqualTo($"{BareMachine.SecureGuestBase + 0x40000:x}"), $"from {context}");
            Assert.That(Translate(m, BareMachine.KernelBase + 0x40000, DebugContext.Guest(3)), Is.EqualTo("none"), $"from {context}");

            // In hypervisor state quadrant 2 is process 0 of the guest in LPIDR (ISA 3.0B Book III 5.7.1).
            ulong guest = context.IsSvm ? BareMachine.SecureGuestBase : BareMachine.GuestBase;
            Assert.That(Translate(m, 0x8000000000000000, DebugContext.Hypervisor), Is.EqualTo($"{guest:x}"), $"quadrant 2 from {context}");
        }
    }

    /// <summary>A process is known only for the world that the thread is in; elsewhere it is number 0, which has nothing in quadrant 0.</summary>
    [Test]
    public void ProcessAddressesAreThoseOfTheProcessThatRuns()
    {
        (Context Where, DebugContext Own, ulong Real)[] cases =
        [
            (Context.HostUser, DebugContext.Hypervisor, 0),
            (Context.GuestKernel, Guest, BareMachine.GuestBase),
            (Context.GuestUser, Guest, BareMachine.GuestBase),
            (Context.SvmUser, SecureGuest, BareMachine.SecureGuestBase),
        ];
        foreach ((Context where, DebugContext own, ulong real) in cases)
        {
            using BareMachine m = new BareMachine().WithSecureGuest();
            m.Enter(where);
            foreach (DebugContext asked in new[] { DebugContext.Hypervisor, Guest, SecureGuest })
                Assert.That(Translate(m, BareMachine.UserBase + 0x5000, asked), Is.EqualTo(asked == own ? $"{real + 0x5000:x}" : "none"), $"{asked} from {where}");
        }
    }

    [Test]
    public void NothingIsLeftBehind()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        ulong entry = m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.Read | RadixTree.Write | RadixTree.Execute);
        m.Enter(Context.HostKernel, Word("std", 4, 0, 3)).WithGpr(3, Page);
        ulong before = m.HostTables.Read(entry);
        var registers = new ReadOnlySpan<byte>(m.S, sizeof(CpuState)).ToArray();
        foreach (AccessKind kind in Enum.GetValues<AccessKind>())
        {
            Assert.That(Translate(m, Page, null, kind), Is.EqualTo("50000"));
            Assert.That(Translate(m, Page + 0x1000, null, kind), Is.EqualTo("none"));
            Assert.That(Translate(m, BareMachine.KernelBase, SecureGuest, kind), Is.EqualTo($"{BareMachine.SecureGuestBase:x}"));
        }

        Assert.That(m.HostTables.Read(entry), Is.EqualTo(before), "R and C");
        Assert.That(new ReadOnlySpan<byte>(m.S, sizeof(CpuState)).SequenceEqual(registers), Is.True, "state");
        Assert.That((m.Violations.Count, m.Cpu.Deliveries, m.Cpu.StopReason), Is.EqualTo((0, 0L, (string?)null)));

        // No entry was cached: the store still sets C, as a first one does.
        m.Run(1);
        Assert.That(m.HostTables.Read(entry) & (RadixTree.Referenced | RadixTree.Changed), Is.EqualTo(RadixTree.Referenced | RadixTree.Changed));
    }

    /// <summary>The tables of the secure guest and the partition table lie in secure memory, as with an ultravisor.</summary>
    [Test]
    public void SecureTablesAreReadFromNormalState()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        const ulong SecureTable = BareMachine.SecureBase + 0x800000;
        byte[] table = new byte[0x10000];
        m.Memory.CopyOut(BareMachine.PartitionTable, table);
        m.Memory.CopyIn(SecureTable, table);
        m[SprNumber.PTCR] = SecureTable | 4;
        m.Enter(Context.HostKernel);
        Assert.That(Translate(m, BareMachine.KernelBase + 8, SecureGuest), Is.EqualTo($"{BareMachine.SecureGuestBase + 8:x}"));
        Assert.That(m.Violations, Is.Empty);
    }

    [TestCase(RadixTree.Read, true, false, false)]
    [TestCase(RadixTree.Read | RadixTree.Write, true, true, false)]
    [TestCase(RadixTree.Execute, false, false, true)]
    public void TheTablesMustAllowTheAccess(ulong rights, bool load, bool store, bool fetch)
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, rights);
        m.Enter(Context.HostUser);
        foreach (DebugContext? context in new DebugContext?[] { null, DebugContext.Hypervisor })
        {
            Assert.That(Translate(m, Page, context, AccessKind.Load) != "none", Is.EqualTo(load), $"load in {context}");
            Assert.That(Translate(m, Page, context, AccessKind.Store) != "none", Is.EqualTo(store), $"store in {context}");
            Assert.That(Translate(m, Page, context, AccessKind.Fetch) != "none", Is.EqualTo(fetch), $"fetch in {context}");
        }
    }

    /// <summary>Problem state can't reach the kernel's pages, and with keys the kernel not the process's; the named world is privileged and without keys.</summary>
    [Test]
    public void PrivilegeAndKeysAreThoseOfTheState()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.KernelPage);
        m.HostProcess.Map(Page + 0x1000, 0x51000, RadixTree.Size4K, RadixTree.OpenPage);
        m.Enter(Context.HostUser);
        Assert.That((Translate(m, Page, null), Translate(m, Page, DebugContext.Hypervisor)), Is.EqualTo(("none", "50000")));
        m.Enter(Context.HostKernel);
        Assert.That((Translate(m, Page, null), Translate(m, Page + 0x1000, null)), Is.EqualTo(("50000", "51000")));
        m[SprNumber.AMR] = 0xC000000000000000;
        Assert.That((Translate(m, Page + 0x1000, null), Translate(m, Page + 0x1000, DebugContext.Hypervisor)), Is.EqualTo(("none", "51000")));
    }

    [Test]
    public void WithSfZeroTheUpperHalfDoesNotCount()
    {
        using var m = new BareMachine();
        m.At(0, Context.HostReal.Msr & ~Msr.SF);
        Assert.That(Translate(m, 0x1234_0000_5678, null), Is.EqualTo("5678"));
    }

    [Test]
    public void ReadsAndWritesGoOverPages()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(Page + 0x1000, 0x70000, RadixTree.Size4K, RadixTree.Read);
        m.Enter(Context.HostKernel);
        byte[] bytes = [.. Enumerable.Range(0, 0x20).Select(n => (byte)(n + 1))];
        Assert.That(m.Cpu.WriteDebug(Page + 0xFF0, bytes), Is.True, "a debugger may write what the program may not");
        Assert.That((*m.Host(0x50FFF), *m.Host(0x70000)), Is.EqualTo(((byte)0x10, (byte)0x11)));
        byte[] back = new byte[bytes.Length];
        Assert.That(m.Cpu.ReadDebug(Page + 0xFF0, back), Is.True);
        Assert.That(back, Is.EqualTo(bytes));
    }

    [Test]
    public void WritesAreWholeOrNotAtAll()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(Page + 0x2000, 1UL << 45, RadixTree.Size4K, RadixTree.OpenPage);
        m.Enter(Context.HostKernel);
        Assert.That(m.Cpu.WriteDebug(Page + 0xFFF, [1, 2]), Is.False, "the second page is not mapped");
        Assert.That(*m.Host(0x50FFF), Is.Zero);
        Assert.That(m.Cpu.WriteDebug(Page + 0x2000, [1]), Is.False, "no RAM there");
        Assert.That(m.Cpu.ReadDebug(Page + 0x2000, new byte[1]), Is.False);
    }

    [Test]
    public void WrittenCodeIsExecuted()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word("addi", 4, 0, 1)).Run(1);
        byte[] word = BitConverter.GetBytes(Word("addi", 4, 0, 2));
        m.Enter(Context.HostReal);
        Assert.That(m.Cpu.WriteDebug(Context.GuestKernel.CodeAddress, word, Guest), Is.True);
        m.At(Context.GuestKernel.CodeAddress, Context.GuestKernel.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void AnySpaceOfAddressesIsSafeToAsk()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        var random = new Random(5);
        DebugContext?[] contexts = [null, DebugContext.Any, DebugContext.Hypervisor, Guest, SecureGuest, DebugContext.Guest(4095)];
        byte[] bytes = new byte[0x3000];
        for (int n = 0; n < 20_000; n++)
        {
            m.S->Spr[SprNumber.PTCR] = n % 4 == 0 ? (ulong)random.NextInt64() : BareMachine.PartitionTable | 4;
            m.S->Spr[SprNumber.PIDR] = (ulong)random.NextInt64();
            m.Cpu.SetMsr((ulong)random.NextInt64(long.MinValue, long.MaxValue) & ~Msr.S);
            ulong ea = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.That(() => m.Cpu.ReadDebug(ea, bytes, contexts[n % contexts.Length]), Throws.Nothing, $"{ea:x}");
        }

        Assert.That((m.Violations.Count, m.Cpu.StopReason), Is.EqualTo((0, (string?)null)));
    }
}
