using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using static RenodeUvmem.Power9.Tests.Assembler;
using RadixTree = RenodeUvmem.Power9.Tests.SystemLevel.RadixTree;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>Every access of an instruction to a watched page is told once, as it happened; no other is; and nothing else changes.</summary>
public sealed unsafe class WatchTests
{
    private const ulong Code = BareMachine.Code;
    private const ulong Data = BareMachine.Data;
    private const ulong Low = 0x0706050403020100;
    private const ulong High = 0x0F0E0D0C0B0A0908;
    private const ulong AllFacilities = Msr.FP | Msr.VEC | Msr.VSX;

    private static readonly TestCaseData[] Instructions =
    [
        // What it does: L or S, offset from Data, size, value. GPR 3 = Data, 4 = 8, 5 = 0x1111…, 6 = 0x2222…; bytes at Data count from 0.
        Case("lbz", [7, 1, 3], "L1:1=1"),
        Case("lhz", [7, 2, 3], "L2:2=302"),
        Case("lwz", [7, 4, 3], "L4:4=7060504"),
        Case("lwa", [7, 4, 3], "L4:4=7060504"),
        Case("ld", [7, 8, 3], "L8:8=F0E0D0C0B0A0908"),
        Case("ld", [7, 4, 3], "L4:8=B0A090807060504"),
        Case("ldbrx", [7, 0, 3], "L0:8=706050403020100"),
        Case("ldx", [7, 3, 4], "L8:8=F0E0D0C0B0A0908"),
        Case("ldu", [7, 8, 3], "L8:8=F0E0D0C0B0A0908"),
        Case("lq", [8, 0, 3], "L0:16=706050403020100"),
        Case("lfs", [1, 0, 3], "L0:4=3020100"),
        Case("lfd", [1, 0, 3], "L0:8=706050403020100"),
        Case("lvx", [1, 0, 3], "L0:16=706050403020100"),
        Case("lvewx", [1, 0, 3], "L0:4=3020100"),
        Case("lxvd2x", [1, 0, 3], "L0:16=706050403020100"),
        Case("lxsdx", [1, 0, 3], "L0:8=706050403020100"),
        Case("lbarx", [7, 0, 3], "L0:1=0"),
        Case("lharx", [7, 0, 3], "L0:2=100"),
        Case("lwarx", [7, 0, 3], "L0:4=3020100"),
        Case("ldarx", [7, 0, 3], "L0:8=706050403020100"),
        Case("lqarx", [8, 0, 3], "L0:16=706050403020100"),
        Case("ldcix", [7, 0, 3], "L0:8=706050403020100"),
        Case("stb", [5, 1, 3], "S1:1=11"),
        Case("sth", [5, 2, 3], "S2:2=1111"),
        Case("stw", [5, 4, 3], "S4:4=11111111"),
        Case("std", [5, 8, 3], "S8:8=1111111111111111"),
        Case("stdu", [5, 8, 3], "S8:8=1111111111111111"),
        Case("stwbrx", [9, 0, 3], "S0:4=DDCCBBAA"),
        Case("stq", [10, 0, 3], "S0:16=6666666666666666"),
        Case("stfd", [1, 0, 3], "S0:8=0"),
        Case("stvx", [1, 0, 3], "S0:16=0"),
        Case("stxvd2x", [1, 0, 3], "S0:16=0"),
        Case("dcbz", [0, 3], "S0:128=0"),
        Case("lwat", [5, 3, 8], "L0:4=3020100 S0:4=22222222"),
        Case("stdat", [5, 3, 0], "L0:8=706050403020100 S0:8=1817161514131211"),
        Case("dcbst", [0, 3], ""),
        Case("icbi", [0, 3], ""),
        Case("dcbt", [0, 3, 0], ""),
    ];

    private static TestCaseData Case(string mnemonic, long[] operands, string accesses) =>
        new TestCaseData(mnemonic, operands, accesses).SetArgDisplayNames(mnemonic, string.Join(',', operands));

    private static BareMachine Prepared(Context context, params uint[] words)
    {
        var m = new BareMachine();
        m.Enter(context, words).At(context.CodeAddress, context.Msr | AllFacilities);
        (m.Word(Data), m.Word(Data + 8)) = (Low, High);
        m.WithGpr(3, Data).WithGpr(4, 8).WithGpr(5, 0x1111111111111111).WithGpr(6, 0x2222222222222222).WithGpr(9, 0xAABBCCDD);
        return m.WithGpr(10, 0x5555555555555555).WithGpr(11, 0x6666666666666666).WithGpr(30, 0x30303030).WithGpr(31, 0x31313131);
    }

    [TestCaseSource(nameof(Instructions))]
    public void IsToldAsItHappened(string mnemonic, long[] operands, string accesses)
    {
        using BareMachine plain = Prepared(Context.HostReal, Word(mnemonic, operands));
        plain.Run(1);
        foreach (bool byReal in new[] { false, true })
        {
            using BareMachine m = Prepared(Context.HostReal, Word(mnemonic, operands));
            var log = new Log(m);
            if (byReal)
                m.Cpu.Watch.AddReal(Data + 0x123);
            else
                m.Cpu.Watch.AddEffective(Data + 0x123);
            m.Run(1);
            Assert.That(log.Text(Data), Is.EqualTo(accesses));
            Assert.That(log.Seen.Select(access => access.Cia), Is.All.EqualTo(Code));
            Assert.That(log.Seen.All(access => access.Real == access.Ea), Is.True, "real mode");

            // Registers and memory as without a watch.
            for (int n = 0; n < 32; n++)
                Assert.That(m.Gpr(n), Is.EqualTo(plain.Gpr(n)), $"GPR {n}");
            for (int n = 0; n < 128; n++)
                Assert.That(m.S->Vsr[n], Is.EqualTo(plain.S->Vsr[n]), $"half {n} of the VSRs");
            Assert.That(new Span<byte>(m.Host(Data), 256).SequenceEqual(new Span<byte>(plain.Host(Data), 256)), Is.True, "memory");
        }
    }

    [TestCase(true, "L0:8=706050403020100 S0:8=1111111111111111", 2)]
    [TestCase(false, "L0:8=706050403020100", 0)]
    public void AStoreConditionalIsToldIfItStores(bool held, string accesses, int cr0)
    {
        using BareMachine m = Prepared(Context.HostReal, Word("ldarx", 7, 0, 3), Word("stdcx.", 5, 0, 3));
        var log = new Log(m);
        m.Cpu.Watch.AddEffective(Data);
        m.Run(1);
        if (!held)
            m.S->ReserveValid = 0;
        m.Run(1);
        Assert.That(log.Text(Data), Is.EqualTo(accesses));
        Assert.That(m.S->Cr[0], Is.EqualTo(cr0));
    }

    /// <summary>A big-endian program; load and store multiple are of such only.</summary>
    [TestCase("ld", 7, "L0:8=706050403020100")]
    [TestCase("std", 7, "S0:8=8877665544332211")]
    [TestCase("lmw", 30, "L0:4=3020100 L4:4=7060504")]
    [TestCase("stmw", 30, "S0:4=A03030 S4:4=313131B0")]
    public void ValuesAreInMemoryOrder(string mnemonic, int register, string accesses)
    {
        using BareMachine m = Prepared(Context.HostReal).WithGpr(7, 0x1122334455667788).WithGpr(30, 0x3030A000).WithGpr(31, 0xB0313131);
        m.PutIn(Code, littleEndian: false, Word(mnemonic, register, 0, 3)).At(Code, Context.HostReal.Msr & ~Msr.LE);
        var log = new Log(m);
        m.Cpu.Watch.AddReal(Data);
        m.Run(1);
        Assert.That(log.Text(Data), Is.EqualTo(accesses));
    }

    [TestCase(true, true, "S-3:3=332211 S0:5=8877665544")]
    [TestCase(true, false, "S-3:3=332211")]
    [TestCase(false, true, "S0:5=8877665544")]
    public void APageCrossingAccessIsToldInParts(bool first, bool second, string accesses)
    {
        using BareMachine m = Prepared(Context.HostReal, Word("std", 7, 0, 3)).WithGpr(3, Data - 3).WithGpr(7, 0x8877665544332211);
        var log = new Log(m);
        if (first)
            m.Cpu.Watch.AddEffective(Data - 1);
        if (second)
            m.Cpu.Watch.AddReal(Data);
        m.Run(1);
        Assert.That(log.Text(Data), Is.EqualTo(accesses));
        Assert.That(m.Word(Data - 3), Is.EqualTo(0x8877665544332211));
    }

    [Test]
    public void PagesThatAreNotWatchedAreNotTold()
    {
        using BareMachine m = Prepared(Context.HostReal, Word("ld", 7, 0, 3), Word("std", 7, 0, 3), Word("b", -8));
        var log = new Log(m);
        m.Cpu.Watch.AddEffective(Data + 0x1000);
        m.Cpu.Watch.AddReal(Data - 1);
        m.Run(30);
        Assert.That(log.Seen, Is.Empty);
    }

    /// <summary>The translation is cached before the page is watched.</summary>
    [TestCase("ld")]
    [TestCase("std")]
    [TestCase("ldarx")]
    [TestCase("dcbz")]
    public void AWatchWorksAtOnceAndEndsWithTheLastRemoval(string mnemonic)
    {
        uint word = mnemonic switch
        {
            "dcbz" => Word(mnemonic, 0, 3),
            "ldarx" => Word(mnemonic, 7, 0, 3),
            _ => Word(mnemonic, 7, 0, 3),
        };
        using BareMachine m = Prepared(Context.HostReal, word, Word("b", -4));
        var log = new Log(m);
        m.Run(4);
        m.Cpu.Watch.AddEffective(Data);
        m.Cpu.Watch.AddEffective(Data + 8);
        m.Run(4);
        Assert.That(log.Seen, Has.Count.EqualTo(2));
        m.Cpu.Watch.RemoveEffective(Data + 16);
        m.Cpu.Watch.RemoveReal(Data);
        m.Run(4);
        Assert.That(log.Seen, Has.Count.EqualTo(4));
        Assert.That(m.Cpu.Watch.IsEmpty, Is.False);
        m.Cpu.Watch.RemoveEffective(Data);
        m.Run(4);
        Assert.That(log.Seen, Has.Count.EqualTo(4));
        Assert.That(m.Cpu.Watch.IsEmpty, Is.True);
    }

    /// <summary>A snapshot holds cached translations, also of pages that are watched where it is loaded.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void AWatchOutlivesALoadedSnapshot(bool byReal)
    {
        using BareMachine m = Prepared(Context.HostReal, Word("ld", 7, 0, 3), Word("b", -4));
        m.Run(2);
        var writer = new SnapshotWriter("watch");
        m.Cpu.Save(writer);
        var log = new Log(m);
        if (byReal)
            m.Cpu.Watch.AddReal(Data);
        else
            m.Cpu.Watch.AddEffective(Data);
        m.Cpu.Load(new SnapshotReader(writer.ToArray()));
        m.Run(2);
        Assert.That(log.Seen, Has.Count.EqualTo(1));
    }

    /// <summary>By real address wherever it is mapped; by effective address only there.</summary>
    [Test]
    public void ByEffectiveAndByRealAddress()
    {
        const ulong OtherName = 0x10000000;
        using BareMachine m = Prepared(Context.HostKernel, Word("ld", 7, 0, 3), Word("ld", 7, 0, 4));
        m.HostProcess.Map(OtherName, Data, RadixTree.Size4K, RadixTree.OpenPage);
        m.WithGpr(3, BareMachine.KernelBase + Data).WithGpr(4, OtherName);
        var log = new Log(m);
        m.Cpu.Watch.AddReal(Data);
        m.Run(2);
        Assert.That(log.Seen.Select(access => (access.Ea, access.Real)), Is.EqualTo(new[] { (BareMachine.KernelBase + Data, Data), (OtherName, Data) }));
        log.Seen.Clear();
        m.Cpu.Watch.Clear();
        m.Cpu.Watch.AddEffective(OtherName);
        m.At(Context.HostKernel.CodeAddress, Context.HostKernel.Msr).Run(2);
        Assert.That(log.Seen.Select(access => access.Ea), Is.EqualTo(new[] { OtherName }));
    }

    [Test]
    public void InEveryWorld()
    {
        foreach (Context context in new[] { Context.HostKernel, Context.HostUser, Context.GuestReal, Context.GuestKernel, Context.GuestUser, Context.SvmReal, Context.SvmUser, Context.Ultravisor })
        {
            using BareMachine m = new BareMachine().WithSecureGuest();
            ulong ea = context.CodeAddress + (Data - Code);
            m.Enter(context, Word("std", 4, 0, 3), Word("ld", 5, 0, 3)).WithGpr(3, ea).WithGpr(4, 77);
            var log = new Log(m);
            m.Cpu.Watch.AddEffective(ea);
            m.Run(2);
            Assert.That(log.Text(ea), Is.EqualTo("S0:8=4D L0:8=4D"), context.ToString());
            Assert.That(log.Seen.Select(access => access.Real), Is.All.EqualTo(context.CodeReal + (Data - Code)), context.ToString());
        }
    }

    [Test]
    public void DevicesAreToldToo()
    {
        const ulong Device = 1UL << 40;
        using BareMachine m = Prepared(Context.HostReal, Word("lwz", 7, 0, 3), Word("stw", 5, 4, 3)).WithGpr(3, Device);
        m.Memory.AddDevice(Device, 0x1000, new Register());
        var log = new Log(m);
        m.Cpu.Watch.AddReal(Device);
        m.Run(2);
        Assert.That(log.Text(Device), Is.EqualTo("L0:4=CAFE S4:4=11111111"));
    }

    [Test]
    public void AnAccessThatFaultsIsNotTold()
    {
        using BareMachine m = Prepared(Context.HostKernel, Word("ld", 7, 0, 3)).WithGpr(3, 0x7000_0000_0000);
        var log = new Log(m);
        m.Cpu.Watch.AddEffective(0x7000_0000_0000);
        m.RunToInterrupt();
        Assert.That(log.Seen, Is.Empty);
    }

    /// <summary>A store to a watched page with code still changes the code.</summary>
    [Test]
    public void WatchedCodeChanges()
    {
        using BareMachine m = Prepared(Context.HostReal, Word("stw", 5, 8, 3), Word("ori", 0, 0, 0), Word("addi", 7, 0, 1));
        m.At(Code + 8, Context.HostReal.Msr).Run(1);
        var log = new Log(m);
        m.Cpu.Watch.AddReal(Code);
        m.At(Code, Context.HostReal.Msr).WithGpr(3, Code).WithGpr(5, Word("addi", 7, 0, 2)).Run(3);
        Assert.That((m.Gpr(7), log.Seen.Count), Is.EqualTo((2UL, 1)));
    }

    [Test]
    public void AnotherCpusAccessesAreItsOwn()
    {
        using BareMachine m = Prepared(Context.HostReal, Word("ld", 7, 0, 3));
        using var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        (other.State->Nia, other.State->Gpr[3]) = (Code, Data);
        other.SetMsr(Context.HostReal.Msr);
        var log = new Log(m);
        m.Cpu.Watch.AddReal(Data);
        other.Execute(1);
        Assert.That(log.Seen, Is.Empty);
    }

    [Test]
    public void AWatcherStopsTheThreadBehindTheInstruction()
    {
        using BareMachine m = Prepared(Context.HostReal, Word("addi", 8, 8, 1), Word("ld", 7, 0, 3), Word("b", -8)).WithGpr(8, 0);
        _ = new Log(m) { Stops = true };
        m.Cpu.Watch.AddEffective(Data);
        long before = m.S->Executed;
        for (ulong round = 1; round <= 3; round++)
        {
            Assert.That(m.Cpu.Execute(1_000_000), Is.EqualTo(round == 1 ? 2 : 3));
            Assert.That((m.Nia, m.Gpr(7), m.Gpr(8), m.Cpu.ReturnRequested), Is.EqualTo((Code + 8, Low, round, true)));
        }

        Assert.That(m.S->Executed - before, Is.EqualTo(8));
    }

    /// <summary>Another thread's request ends a run without an end, and the count stays exact.</summary>
    [Test]
    public void AnotherThreadEndsTheRun()
    {
        using BareMachine m = Prepared(Context.HostReal, Word("addi", 8, 8, 1), Word("b", -4)).WithGpr(8, 0);
        Cpu cpu = m.Cpu;
        using var runs = new ManualResetEventSlim();
        long executed = 0;
        var thread = new Thread(() =>
        {
            runs.Set();
            executed = cpu.Execute(long.MaxValue / 2);
        });
        thread.Start();
        runs.Wait();
        bool ended = false;
        for (int k = 0; k < 1000 && !ended; k++)
        {
            // One that comes before Execute has started has no effect.
            cpu.RequestReturn();
            ended = thread.Join(10);
        }

        Assert.That(ended, Is.True);
        Assert.That((m.S->Executed, m.Gpr(8)), Is.EqualTo((executed, (ulong)(executed + 1) / 2)));
    }

    private sealed class Register : IMmioDevice
    {
        public ulong Read(ulong offset, int size) => 0xCAFE;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }

    private sealed class Log : IAccessWatcher
    {
        public Log(BareMachine m) => m.Cpu.Watch.Watcher = this;

        public List<WatchedAccess> Seen { get; } = [];

        public bool Stops { get; init; }

        public void Accessed(Cpu cpu, in WatchedAccess access)
        {
            Seen.Add(access);
            if (Stops)
                cpu.RequestReturn();
        }

        public string Text(ulong origin) => string.Join(' ', Seen.Select(access =>
            $"{(access.Kind == AccessKind.Load ? 'L' : 'S')}{(long)(access.Ea - origin)}:{access.Size}={access.Value:X}"));
    }
}
