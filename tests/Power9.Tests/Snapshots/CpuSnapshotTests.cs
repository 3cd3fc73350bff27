using System.Reflection;
using System.Runtime.InteropServices;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.Snapshots;

/// <summary>A CPU that was saved and loaded elsewhere goes on as the one that was not.</summary>
public sealed unsafe class CpuSnapshotTests
{
    private const ulong Page = 0x10000000;
    private const ulong First = 0x50000;
    private const ulong Second = 0x60000;

    // What a snapshot can't hold (pointers), and what holds nothing between runs.
    private static readonly string[] LeftOut =
    [
        nameof(CpuState.CodePage), nameof(CpuState.DataTlb0), nameof(CpuState.DataTlb1), nameof(CpuState.CodeTlb0), nameof(CpuState.CodeTlb1),
        nameof(CpuState.CpuHandle), nameof(CpuState.AccessBuffer), nameof(CpuState.StopRequested), nameof(CpuState.Translates), nameof(CpuState.HotSlot), nameof(CpuState.Exits), nameof(CpuState.Work), nameof(CpuState.Remaining), nameof(CpuState.RunEnd),
    ];

    /// <summary>Each field of the state, so that one that is added can't be forgotten.</summary>
    [Test]
    public void EveryFieldComesBack()
    {
        using var m = new BareMachine();
        using var copy = new BareMachine();
        Scramble(m.S);
        m.Cpu.SetMsr(Context.GuestKernel.Msr | Msr.FP | Msr.VSX | Msr.VEC);
        Copy(m, copy);
        Assert.Multiple(() =>
        {
            foreach (FieldInfo field in typeof(CpuState).GetFields(BindingFlags.Instance | BindingFlags.Public).Where(field => !LeftOut.Contains(field.Name)))
                Assert.That(BytesOf(copy.S, field).ToArray(), Is.EqualTo(BytesOf(m.S, field).ToArray()), field.Name);
            Assert.That(copy.S->Executed, Is.EqualTo(m.S->Executed));
            Assert.That(Convert.ToHexString(Snapshot(copy)), Is.EqualTo(Convert.ToHexString(Snapshot(m))));
        });
    }

    [Test]
    public void TimersGoOn()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.UPRT | Lpcr.LD | Lpcr.HDICE;
        m[SprNumber.TBU40] = 0x1234_5600_0000_0000;
        m[SprNumber.DEC] = 100;
        m[SprNumber.HDEC] = 500;
        m[SprNumber.PURR] = 7;
        m.Cpu.Skip(20);
        m.Enter(Context.HostReal, [.. Enumerable.Repeat(Word("addi", 4, 4, 1), 20)]).Run(10);
        using var copy = new BareMachine();
        Copy(m, copy);
        foreach (int spr in (int[])[SprNumber.TB_Read, SprNumber.DEC, SprNumber.HDEC, SprNumber.PURR, SprNumber.VTB])
            Assert.That(copy[spr], Is.EqualTo(m[spr]), $"SPR {spr}");
        Assert.That(copy[SprNumber.DEC], Is.EqualTo(70), "100, less 20 skipped, less 10 executed");
        Assert.That(copy.Cpu.TicksToTimer, Is.EqualTo(m.Cpu.TicksToTimer));
    }

    /// <summary>A store to a page with code walks the tables, one to data need not: the page becomes data at the same store.</summary>
    [Test]
    public void PageThatWasCodeBecomesDataAtTheSameStore()
    {
        using var m = new BareMachine();
        m.Put(First, Word("addi", 4, 0, 1)).At(First, Context.HostReal.Msr).Run(1);
        m.Enter(Context.HostReal, Word("std", 5, 0, 3), Word("b", -4)).WithGpr(3, First + 0x100).Run(2 * 500);
        using var copy = new BareMachine();
        var pages = new SnapshotWriter("pages");
        m.Memory.Code.Save(pages);
        copy.Memory.Code.Load(new SnapshotReader(pages.ToArray()), copy.Memory);
        Copy(m, copy);
        copy.Run((2 * 12) - 2);
        int before = copy.Memory.Code.Count;
        copy.Run(1);
        Assert.That((before, copy.Memory.Code.Count), Is.EqualTo((2, 1)), "512 doublewords are a page");
    }

    [Test]
    public void PendingInterruptComesWhenItMay()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.UPRT | Lpcr.HVICE;
        m.Enter(Context.HostReal, Word("mtmsrd", 3, 0), Word("addi", 4, 4, 1)).WithGpr(3, Context.HostReal.Msr | Msr.EE);
        m.Cpu.SetExternalInput(true);
        using var copy = new BareMachine();
        Copy(m, copy);
        copy.RunToInterrupt();
        copy.ExpectHsrr(Vector.HypervisorVirtualization, BareMachine.Code + 4, 0, Context.HostReal.Msr | Msr.EE);
    }

    [Test]
    public void StoppedThreadIsWokenByItsDecrementer()
    {
        using var m = new BareMachine();
        m[SprNumber.DEC] = 1000;
        m[SprNumber.PSSCR] = 0;
        m.Enter(Context.HostReal, Word("stop"), Word("addi", 4, 4, 1)).Run(1);
        using var copy = new BareMachine();
        Copy(m, copy);
        Assert.That(copy.Cpu.Stopped, Is.True);
        copy.Cpu.Skip(998);
        Assert.That(copy.Cpu.Execute(10), Is.Zero);
        copy.Cpu.Skip(2);
        Assert.That(copy.Cpu.Execute(1), Is.EqualTo(1));
        Assert.That(copy.Nia, Is.EqualTo(BareMachine.Code + 8));
    }

    [Test]
    public void ReservationHolds()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("ldarx", 4, 0, 3), Word("stdcx.", 5, 0, 3)).WithGpr(3, BareMachine.Data).WithGpr(5, 0x55).Run(1);
        using var copy = new BareMachine();
        Copy(m, copy);
        copy.Run(1);
        Assert.That(copy.Word(BareMachine.Data), Is.EqualTo(0x55));
        Assert.That(copy.S->Cr[0], Is.EqualTo(2), "EQ: stored");
    }

    [Test]
    public void CheckStopStays()
    {
        using var m = new BareMachine();
        m.Cpu.CheckStop("enough");
        using var copy = new BareMachine();
        Copy(m, copy);
        Assert.That(copy.Cpu.StopReason, Is.EqualTo("enough"));
        Assert.That(copy.Cpu.Execute(1), Is.Zero);
    }

    [Test]
    public void SegmentEntriesAndCountsComeBack()
    {
        using var m = new BareMachine();
        m.Cpu.WriteSegment((5UL << 28) | (1UL << 27) | 7, 0x1234_5000);
        m.Enter(Context.HostReal, Word("sc", 0)).RunToInterrupt();
        using var copy = new BareMachine();
        Copy(m, copy);
        Assert.That((copy.Cpu.Slb.Esid(7), copy.Cpu.Slb.Vsid(7)), Is.EqualTo(((5UL << 28) | (1UL << 27), 0x1234_5000UL)));
        Assert.That(copy.Cpu.InterruptCounts[(int)Vector.SystemCall >> 5], Is.EqualTo(1));
        Assert.That(copy.Cpu.Deliveries, Is.EqualTo(1));
    }

    /// <summary>Until tlbie, the old entry may be used (ISA 3.0B Book III 5.9.3): a run that used it uses it after a snapshot, too.</summary>
    [Test]
    public void StaleTranslationStays([Values(AccessKind.Load, AccessKind.Store, AccessKind.Fetch)] AccessKind kind)
    {
        using var m = new BareMachine();
        foreach ((ulong place, ulong value) in (ReadOnlySpan<(ulong, ulong)>)[(First, 1), (Second, 2)])
            m.Put(BareMachine.GuestBase + place, Word("addi", 4, 0, (long)value), Word("addi", 4, 4, 0));
        m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.GuestUser, kind, Page).Run(1);
        m.GuestProcess.Map(Page, Second, RadixTree.Size4K, RadixTree.OpenPage);
        using var copy = new BareMachine();
        Copy(m, copy);
        foreach (BareMachine one in (BareMachine[])[m, copy])
            one.Access(Context.GuestUser, kind, Page).WithGpr(4, 0x77).Run(1);
        Assert.That(copy.Gpr(4), Is.EqualTo(m.Gpr(4)));
        Assert.That(MemoryOf(copy), Is.EqualTo(MemoryOf(m)));
        if (kind == AccessKind.Store)
            Assert.That(copy.Word(BareMachine.GuestBase + First), Is.EqualTo(0x77));
        else if (kind == AccessKind.Fetch)
            Assert.That(copy.Gpr(4), Is.EqualTo(1));
    }

    /// <summary>Linux clears the reference bit without an invalidation (__ptep_test_and_clear_young): the entry's next use does not set it.</summary>
    [Test]
    public void ReferenceBitIsNotSetAnew()
    {
        using var m = new BareMachine();
        ulong entry = m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        m.GuestTables.Write(entry, m.GuestTables.Read(entry) & ~RadixTree.Referenced);
        using var copy = new BareMachine();
        Copy(m, copy);
        copy.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        Assert.That(copy.GuestTables.Read(entry) & RadixTree.Referenced, Is.Zero);
    }

    /// <summary>Host addresses of the loaded memory are used, not those of the saved one.</summary>
    [Test]
    public void LoadedMemoryIsItsOwn()
    {
        using var m = new BareMachine();
        m.Access(Context.HostKernel, AccessKind.Store, BareMachine.KernelBase + BareMachine.Data).WithGpr(4, 1).Run(1);
        using var copy = new BareMachine();
        Copy(m, copy);
        copy.Access(Context.HostKernel, AccessKind.Store, BareMachine.KernelBase + BareMachine.Data).WithGpr(4, 2).Run(1);
        Assert.That((m.Word(BareMachine.Data), copy.Word(BareMachine.Data)), Is.EqualTo((1UL, 2UL)));
    }

    /// <summary>Code that was decoded, stored to and decoded again.</summary>
    [Test]
    public void ModifiedCodeRunsAsModified()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Word("addi", 4, 0, 1)).Run(1);
        using var copy = new BareMachine();
        Copy(m, copy);
        copy.Access(new Context("beside", Context.HostKernel.Msr, BareMachine.KernelBase + 0x70000, 0x70000), AccessKind.Store, Context.HostKernel.CodeAddress)
            .WithGpr(4, (ulong)Word("addi", 4, 0, 9)).Run(1);
        copy.At(Context.HostKernel.CodeAddress, Context.HostKernel.Msr).Run(1);
        Assert.That(copy.Gpr(4), Is.EqualTo(9));
    }

    /// <summary>More processes than a CPU keeps spaces for: the oldest is given up next in both.</summary>
    [Test]
    public void SpacesAgeTheSame()
    {
        using var m = new BareMachine();
        for (ulong pid = 1; pid < 200; pid++)
            BareMachine.SetProcess(m.HostTables, pid, m.HostProcess);
        ulong entry = m.HostProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        Touch(m, 1, 100);
        using var copy = new BareMachine();
        Copy(m, copy);
        foreach (BareMachine one in (BareMachine[])[m, copy])
        {
            // Where a space was given up the walk sees this and faults.
            one.HostTables.Write(entry, 0);
            Touch(one, 60, 130);
        }

        Assert.That(copy.Cpu.Deliveries, Is.EqualTo(m.Cpu.Deliveries).And.GreaterThan(0).And.LessThan(70));
        Assert.That(Convert.ToHexString(Snapshot(copy)), Is.EqualTo(Convert.ToHexString(Snapshot(m))));
    }

    [Test]
    public void CpuWithAnotherNumberIsRefused()
    {
        using var m = new BareMachine();
        using var other = new Cpu(m.Memory, 4);
        Assert.That(
            () => other.Load(new SnapshotReader(Snapshot(m))),
            Throws.TypeOf<SnapshotException>().With.Message.EqualTo("snapshot, section cpu: PIR is 0x0, in this machine 0x4"));
    }

    /// <summary>A good checksum does not make an address good: translations lead to RAM that is there, or the snapshot is refused.</summary>
    [Test]
    public void TranslationOutsideOfMemoryIsRefused()
    {
        using var m = new BareMachine();
        m.Access(Context.HostKernel, AccessKind.Load, BareMachine.KernelBase + (60 << 20)).Run(1);
        using var memory = new PhysicalMemory();
        memory.AddRam(0, 1 << 20, secure: false);
        using var small = new Cpu(memory, 0);
        Assert.That(
            () => small.Load(new SnapshotReader(Snapshot(m))),
            Throws.TypeOf<SnapshotException>().With.Message.EqualTo("snapshot, section cpu/spaces: there is no page of RAM at 0x3c00000"));
        small.Reset();
        Assert.That(small.Execute(10), Is.EqualTo(10), "a refused snapshot leaves no dangling pointer");
    }

    private static void Touch(BareMachine m, ulong first, ulong last)
    {
        for (ulong pid = first; pid < last; pid++)
        {
            m[SprNumber.PIDR] = pid;
            m.Access(Context.HostKernel, AccessKind.Load, Page).Cpu.Execute(1);
        }
    }

    private static void Scramble(CpuState* s)
    {
        var random = new Random(9);
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = (ulong)random.NextInt64();
        for (int n = 0; n < 128; n++)
            s->Vsr[n] = (ulong)random.NextInt64();
        for (int n = 0; n < 1024; n++)
        {
            if (n is not (SprNumber.LPIDR or SprNumber.PIDR or SprNumber.PIR))
                s->Spr[n] = (ulong)random.NextInt64();
        }

        (s->So, s->Ov, s->Ca, s->Ov32, s->Ca32, s->XerRest) = (1, 0, 1, 0, 1, 0x2A5A5);
        (s->Nia, s->CodePageEa, s->CrWord, s->Fpscr, s->Vscr) = (0x123456780, 0x123456000, 0x8421F0A5, 0x12345, 0x10001);
        (s->ReserveValid, s->ReserveRa, s->ReserveValueLow, s->ReserveValueHigh, s->ReserveLength) = (1, 0x4000, 11, 12, 16);
        s->RunEnd = 987654321;
    }

    // The same bytes in another place, as a host that keeps the contents of memory provides them.
    internal static void Copy(BareMachine from, BareMachine to)
    {
        foreach ((RamRange source, RamRange target) in from.Memory.Ranges.Zip(to.Memory.Ranges))
            NativeMemory.Copy(source.Host, target.Host, (nuint)source.Size);
        var reader = new SnapshotReader(Snapshot(from));
        to.Cpu.Load(reader);
        Assert.That(reader.HasMore, Is.False);
    }

    private static byte[] Snapshot(BareMachine m)
    {
        var writer = new SnapshotWriter("a CPU");
        m.Cpu.Save(writer);
        return writer.ToArray();
    }

    private static string MemoryOf(BareMachine m) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(new ReadOnlySpan<byte>(m.Host(0), (int)BareMachine.MemorySize)));

    private static ReadOnlySpan<byte> BytesOf(CpuState* s, FieldInfo field)
    {
        int offset = (int)Marshal.OffsetOf<CpuState>(field.Name);
        int size = field.FieldType.IsPrimitive ? Marshal.SizeOf(field.FieldType) : field.FieldType.StructLayoutAttribute!.Size;
        return new ReadOnlySpan<byte>((byte*)s + offset, size);
    }
}
