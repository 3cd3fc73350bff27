using NUnit.Framework;
using RenodeUvmem.Power9.Tiers;
using RenodeUvmem.Power9.Tiers.X86;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Concurrent;

/// <summary>What the ISA promises processors of each other's accesses, with processors on host threads (ISA 3.0B Book II 1.4 to 1.7, 4.5, 4.6).</summary>
public sealed class ConcurrentTests
{
    private const int Cpus = 4;
    private const int Rounds = 20_000;

    // BO of bc: decrement CTR and branch if it is not 0; branch if the CR bit is 0. BI 2 is CR0[EQ].
    private const int Loop = 16;
    private const int IfNot = 4;
    private const int Eq = 2;

    [TestCase("lbarx", "stbcx.", 0xFFUL)]
    [TestCase("lharx", "sthcx.", 0xFFFFUL)]
    [TestCase("lwarx", "stwcx.", 0xFFFFFFFFUL)]
    [TestCase("ldarx", "stdcx.", ulong.MaxValue)]
    public void NoUpdateIsLost(string load, string store, ulong mask)
    {
        using var m = new ConcurrentMachine(Cpus);
        m.Run(
            Rounds,
            Word("mtctr", 5),
            Word(load, 6, 0, 4),
            Word("addi", 6, 6, 1),
            Word(store, 6, 0, 4),
            Word("bc", IfNot, Eq, -12),
            Word("bc", Loop, 0, -16));
        Assert.That(m[ConcurrentMachine.Data], Is.EqualTo((Cpus * Rounds) & mask), "and nothing beside the operand changed");
    }

    [Test]
    public void NoUpdateOfAQuadwordIsLost()
    {
        using var m = new ConcurrentMachine(Cpus);
        m.Run(
            Rounds / 10,
            Word("mtctr", 5),
            Word("lqarx", 6, 0, 4),
            Word("addi", 6, 6, 1),
            Word("addi", 7, 7, 1),
            Word("stqcx.", 6, 0, 4),
            Word("bc", IfNot, Eq, -16),
            Word("bc", Loop, 0, -20));
        Assert.That((m[ConcurrentMachine.Data], m[ConcurrentMachine.Data + 8]), Is.EqualTo(((ulong)Cpus * Rounds / 10, (ulong)Cpus * Rounds / 10)));
    }

    [Test]
    public void NoAtomicOperationIsLost()
    {
        using var m = new ConcurrentMachine(Cpus);
        m.Run(
            Rounds / 10,
            Word("mtctr", 5),
            Word("addi", 7, 0, 1),
            Word("ldat", 6, 4, 0),
            Word("bc", Loop, 0, -4));
        Assert.That(m[ConcurrentMachine.Data], Is.EqualTo((ulong)Cpus * Rounds / 10));
    }

    // Each CPU has a byte of one word for itself, and changes it by store conditional; the one beside it is changed by stores.
    [Test]
    public void NeighboursKeepTheirBytes()
    {
        using var m = new ConcurrentMachine(Cpus);
        m.Run(
            Rounds,
            Word("mtctr", 5),
            Word("add", 4, 4, 3),
            Word("lbarx", 6, 0, 4),
            Word("addi", 6, 6, 1),
            Word("stbcx.", 6, 0, 4),
            Word("bc", IfNot, Eq, -12),
            Word("lbz", 6, 4, 4),
            Word("addi", 6, 6, 1),
            Word("stb", 6, 4, 4),
            Word("bc", Loop, 0, -28));
        const ulong Each = Rounds & 0xFF;
        Assert.That(m[ConcurrentMachine.Data], Is.EqualTo(Each * 0x0101010101010101));
    }

    // Store buffering: with sync between store and load, at least one CPU sees the other's store. The places lie 128 bytes apart; each attempt has its own pair.
    [Test]
    public void SyncOrdersAStoreBeforeALoad()
    {
        const int Attempts = 1000;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            using var m = new ConcurrentMachine(2);
            m.Run(
                Attempts,
                Word("mtctr", 5),
                Word("mulli", 7, 3, 128), // own place
                Word("xori", 8, 7, 128), // the other's
                Word("addi", 9, 0, 1),
                Word("add", 7, 7, 4),
                Word("add", 8, 8, 4),
                Word("stw", 9, 0, 7),
                Word("sync", 0),
                Word("lwz", 10, 0, 8),
                Word("stw", 10, 64, 7),
                Word("addi", 7, 7, 256),
                Word("addi", 8, 8, 256),
                Word("bc", Loop, 0, -24));
            for (ulong at = ConcurrentMachine.Data; at < ConcurrentMachine.Data + (Attempts * 256); at += 256)
                Assert.That(m[at + 64] + m[at + 192], Is.Not.Zero, "neither saw the other's store");
        }
    }

    // Message passing: who sees the flag sees the data that was stored before it.
    [Test]
    public void LwsyncOrdersStoresAndLoads()
    {
        const int Attempts = 1000;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            using var m = new ConcurrentMachine(2);
            m.Run(
                Attempts,
                Word("mtctr", 5),
                Word("addi", 9, 0, 1),
                Word("cmpi", 0, 0, 3, 0),
                Word("bc", IfNot, Eq, 7 * 4),
                Word("stw", 9, 0, 4), // CPU 0: data, then flag
                Word("sync", 1),
                Word("stw", 9, 128, 4),
                Word("addi", 4, 4, 256),
                Word("bc", Loop, 0, -4 * 4),
                Word("b", 8 * 4),
                Word("lwz", 10, 128, 4), // CPU 1: flag, then data
                Word("sync", 1),
                Word("lwz", 11, 0, 4),
                Word("andc", 10, 10, 11),
                Word("stw", 10, 64, 4),
                Word("addi", 4, 4, 256),
                Word("bc", Loop, 0, -6 * 4));
            for (ulong at = ConcurrentMachine.Data; at < ConcurrentMachine.Data + (Attempts * 256); at += 256)
                Assert.That((uint)m[at + 64], Is.Zero, "the flag was there and the data was not");
        }
    }

    // Many loops for little room: whoever finds none begins anew while the others are in traces.
    [Test]
    public void AFullArenaIsBegunAnew()
    {
        const int Loops = 100;
        const int RoundsOfLoop = 30_000;
        const ulong All = (ulong)Loops * RoundsOfLoop;
        if (NativeBackEnd.TryCreate(0x800) is not { } small)
        {
            Assert.Ignore("there is no code generator for this host");
            return;
        }

        using var m = new ConcurrentMachine(Cpus);
        using Translator translator = m.Translate(Hotness.Eager, small);
        uint[] loop = [Word("mtctr", 5), Word("add", 6, 6, 7), Word("addi", 7, 7, 1), Word("bc", Loop, 0, -8)];
        m.Run(
            RoundsOfLoop,
            [.. Enumerable.Repeat(loop, Loops).SelectMany(words => words), Word("mulli", 8, 3, 8), Word("add", 4, 4, 8), Word("std", 6, 0, 4)]);
        TestContext.Out.WriteLine(translator.Describe());
        Assert.That(Enumerable.Range(0, Cpus).Select(n => m[ConcurrentMachine.Data + (8 * (ulong)n)]), Is.All.EqualTo(All * (All - 1) / 2));
        Assert.That(translator.Failed, Is.Zero, translator.LastFailure);
        Assert.That(translator.Starts, Is.GreaterThan(1));
    }

    // S=0 never sees secure memory, and each attempt is told of, whoever makes it at the same time.
    [Test]
    public void EachRefusedAccessIsTold()
    {
        const int Attempts = 500;
        using var m = new ConcurrentMachine(Cpus);
        m[ConcurrentMachine.SecureBase] = 0x5EC2E7;
        m.Put(0x200, Word("mfspr", 10, 26), Word("addi", 10, 10, 4), Word("mtspr", 26, 10), Word("rfid")); // machine check: SRR0 + 4
        m.Run(
            Attempts,
            Word("mtctr", 5),
            Word("mulli", 8, 3, 8),
            Word("add", 4, 4, 8),
            Word("addi", 6, 0, 0),
            Word("ld", 6, 0, 12),
            Word("std", 6, 0, 4),
            Word("bc", Loop, 0, -8));
        Assert.That(m.Violations, Has.Count.EqualTo(Cpus * Attempts));
        Assert.That(Enumerable.Range(0, Cpus).Select(n => m[ConcurrentMachine.Data + (8 * (ulong)n)]), Is.All.Zero, "nothing was loaded");
    }

    // Stores to a page that was code are alone; when as much was stored to it as it holds they need not be.
    [Test]
    public void APageThatWasCodeBecomesData()
    {
        const long Function = 0x3000;
        using var m = new ConcurrentMachine(1);
        m.Put(Function, Word("addi", 9, 9, 1), Word("bclr", 20, 0, 0));
        uint[] call = [Word("addi", 8, 0, Function), Word("mtctr", 8), 0x4E800421]; // bctrl
        m.Run(0, call);
        Assert.That(m.CodePages, Is.EqualTo(2));

        // Stores of 4096 bytes in all, then the function once more.
        m.Run(
            1024,
            Word("mtctr", 5),
            Word("addi", 8, 0, Function + 256),
            Word("stw", 5, 0, 8),
            Word("bc", Loop, 0, -4));
        Assert.That(m.CodePages, Is.EqualTo(1));
        m.Put(Function, Word("addi", 9, 9, 2));
        m.Run(0, [.. call, Word("std", 9, 0, 4)]);
        Assert.That((m[ConcurrentMachine.Data], m.CodePages), Is.EqualTo((3UL, 2)), "as it was, then as it is");
    }
}
