using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rtas;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Hostile;

/// <summary>What hostile callers once could do, each on its own.</summary>
public unsafe class FoundTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Gpa = 8 * Frame;
    private const ulong Block = (10 * Frame) + 0x40;
    private const ulong Text = (11 * Frame) + 0x100;
    private const string Secret = "secret behind";

    // UV_RETURN with any address went there: the hypervisor chose what the guest's kernel executes.
    [TestCase(0x4408UL, TestName = "Injection: the guest's next instruction but one")]
    [TestCase(0xC000000000012340UL, TestName = "Injection: somewhere in the kernel")]
    [TestCase(0x510UL, TestName = "Injection: within a vector")]
    [TestCase(0x2000UL, TestName = "Injection: behind the vectors")]
    [TestCase(0xC000000000006000UL, TestName = "Injection: behind the relocated vectors")]
    public void InterruptAtAnAddressThatIsNoVectorIsIgnored(ulong address)
    {
        using Bench bench = new Bench().Running();
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.TakeExit();
        bench.GuestAddress = address;
        bench.ReturnSecure(0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x4404));
        Assert.That(bench.S->Msr & Msr.S, Is.Not.Zero);
    }

    // A CPU that was in the guest when another ended the SVM went on in the next SVM of the same LPID, with its own registers and address.
    [Test]
    public void CpuOfATerminatedSvmDoesNotRunItsSuccessor()
    {
        using Bench bench = new Bench().Running();
        using var other = new Cpu(bench.Memory, 1, bench.Cpu.Group);
        bench.Uv.Attach(other);
        other.WriteSpecialSpr(SprNumber.LPIDR, Bench.Lpid);
        other.SetMsr(Msr.SF | Msr.S | Msr.ME);
        other.State->Gpr[7] = 0x5EC2E7;
        Assert.That(bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid), Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(other.State->Msr & (Msr.S | Msr.HV | Msr.PR), Is.EqualTo(Msr.HV));
            Assert.That(other.State->Nia, Is.EqualTo((ulong)Vector.SystemCall));
            Assert.That(other.State->Gpr[3], Is.EqualTo((ulong)HCall.H_CEDE));
            Assert.That(other.State->Gpr[7], Is.Zero);
        });

        // Its cookie is good for nothing.
        Assert.That(bench.Call((ulong)UltraCall.UV_RETURN, Bench.HypervisorCode), Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(other.StopReason, Is.Null);
    }

    // An SVM killed in the middle of UV_ESM lost its partition table entry, which was still the hypervisor's.
    [Test]
    public void EntryOfAnSvmThatWasKilledBeforeItWasSecureStays()
    {
        using var bench = new Bench();
        bench.HvCall(UltraCall.UV_WRITE_PATE, Bench.Lpid, 0x8000000000123456, 0x777);
        bench.StartGuest();
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.TakeExit();
        bench.S->Spr[SprNumber.PIDR] = 99;
        bench.ReturnSecure(0);
        Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Dead));
        bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        Assert.That(bench.Uv.PartitionTable[Bench.Lpid], Is.EqualTo((0x8000000000123456, 0x777)));
    }

    // The refusal of a share turned a frame of the slot that had taken the place of the old one from PAGEDOUT to SECURE: its content was gone.
    [Test]
    public void SlotReplacedDuringAShareKeepsItsContent()
    {
        using Bench bench = new Bench().Running();
        bench.Hook = (call, arguments) =>
        {
            Reslot(bench);
            Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, arguments[0], 0, 16), Is.Zero);
            return UReturn.U_PARAMETER;
        };
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, Gpa / Frame, 1), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.PAGEDOUT));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.Zero);
    }

    [Test]
    public void SlotReplacedDuringAnUnshareKeepsItsState()
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, Gpa / Frame, 1), Is.Zero);
        bench.Hook = (_, _) =>
        {
            Reslot(bench);
            Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.Zero);
            return 0;
        };
        Assert.That(bench.GuestCall(UltraCall.UV_UNSHARE_PAGE, Gpa / Frame, 1), Is.EqualTo(UReturn.U_P2));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.PAGEDOUT));
    }

    // Page tables came out of what was promised to other SVMs: one whose slot was registered could still be killed for lack of memory.
    [Test]
    public void ScatteredSlotsTakeNothingFromAPromise()
    {
        using Bench bench = new Bench().Running();
        for (ulong n = 1; n < 400; n++)
            bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Bench.Lpid, n << 40, Frame, 0, n);
        while (bench.Uv.CreateSvm(2 + (ulong)bench.Uv.Svms.Count()) is not null)
        {
        }

        Assert.That(bench.Uv.Heap.Promised / Frame, Is.LessThanOrEqualTo(bench.Uv.Heap.FreeFrames));
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
            Assert.That(bench.Uv.Pages.EnsureSecure(bench.Svm, gpa, ref bench.FrameAt(gpa)), Is.True, $"0x{gpa:x}");
    }

    // Without room for a page table a frame was SHARED and not mapped: the guest's access faulted for ever.
    [Test]
    public void ShareWithoutRoomForATableAsksAgainLater()
    {
        using Bench bench = new Bench(new UltravisorOptions { Overcommit = true }).Running();
        ulong far = 1UL << 45;
        Assert.That(bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Bench.Lpid, far, Frame, 0, 1), Is.Zero);
        while (bench.Uv.Heap.Allocate(32) != 0)
        {
        }

        bench.Hook = (_, arguments) => bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, arguments[0], 0, 16);
        Assert.That(bench.GuestCall(UltraCall.UV_SHARE_PAGE, far / Frame, 1), Is.Zero);
        Assert.That(bench.FrameAt(far).State, Is.EqualTo(PageState.SHARED_INV));
        Assert.That(bench.FrameAt(far).Normal, Is.Zero);
    }

    // The whole argument block was copied, whatever number of arguments it had: with it went what the guest had on its stack behind it.
    [Test]
    public void RtasShowsTheArgumentsAndNothingBehindThem()
    {
        using Bench bench = new Bench().GoSecure();
        byte[] block = [.. Words(0x2001, 2, 1, 7, 8, 0x11111111), .. Encoding.ASCII.GetBytes(Secret)];
        Write(bench, Block, block);
        byte[] shown = Rtas(bench, Block, 64);
        Assert.That(shown[..20], Is.EqualTo(Words(0x2001, 2, 1, 7, 8)));
        Assert.That(shown[20..], Is.All.Zero, "the result's place is the guest's memory, too");
        Assert.That(bench.NormalMemoryContains(Encoding.ASCII.GetBytes(Secret)), Is.False);
    }

    // ibm,os-term names a text; 256 bytes went, wherever it ended. ibm,set-system-parameter has a count before its bytes; 4096 went.
    [TestCase(0x201FU, 0, "panic\0", TestName = "RTAS: text ends at its NUL")]
    [TestCase(0x2010U, 1, "\0\u0005value", TestName = "RTAS: parameter ends where its count says")]
    public void RtasShowsABufferUpToItsEnd(uint token, int argument, string content)
    {
        using Bench bench = new Bench().GoSecure(tree => tree.Root.FindNode("rtas")!.SetCells("ibm,set-system-parameter", 0x2010));
        Write(bench, Text, Encoding.Latin1.GetBytes(content + Secret));
        uint[] arguments = [0x30, 0x30];
        arguments[argument] = (uint)Text;
        Write(bench, Block, Words([token, 2, 1, .. arguments, 0]));
        Rtas(bench, Block, 20);
        Assert.That(bench.NormalMemoryContains(Encoding.Latin1.GetBytes(content)), Is.True);
        Assert.That(bench.NormalMemoryContains(Encoding.ASCII.GetBytes(Secret)), Is.False);
    }

    // Each start-cpu left a cookie behind, for ever if nobody came.
    [Test]
    public void CookiesOfCpusThatNeverComeAreBounded()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2004, 3, 1, 1, 0x48000, 0x55AA, 0));
        long result = 0;
        for (int n = 0; n < RtasService.MaximumCpus + 10; n++)
            result = RtasResult(bench, Block);
        Assert.That(result, Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.Uv.StartCookieCount, Is.LessThan(RtasService.MaximumCpus));
    }

    [Test]
    public void CookieOfAFailedStartIsDropped()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2004, 3, 1, 1, 0x48000, 0x55AA, 0));
        bench.Hook = (call, arguments) =>
        {
            if (call == HCall.H_RTAS)
                BinaryPrimitives.WriteInt32BigEndian(bench.Bytes(Bench.PageOf(arguments[0]) + 24, 4), -2);
            return null;
        };
        Assert.That(RtasResult(bench, Block), Is.Zero);
        Assert.That(bench.Uv.StartCookieCount, Is.Zero);
    }

    // The hypervisor owns doubleword 1 of the entry. A process table outside of memory made a store of the guest an access to a device, with its value.
    [Test]
    public void ProcessTableOutsideOfMemoryIsNoDevice()
    {
        const uint Store = 0xF8640000; // std r3,0(r4)
        using Bench bench = new Bench().Running();
        bench.Uv.Pages.EnsureSecure(bench.Svm, 0, ref bench.FrameAt(0));
        BinaryPrimitives.WriteUInt32LittleEndian(bench.Bytes(bench.FrameAt(0).Secure + 0x4000, 4), Store);
        bench.HvCall(UltraCall.UV_WRITE_PATE, Bench.Lpid, 0, 1UL << 40);
        bench.EnterGuest(0x4000, Msr.LE | Msr.DR);
        (bench.S->Gpr[3], bench.S->Gpr[4]) = (0x5EC2E7, 0xC000000000001000);
        bench.Cpu.Execute(1);
        Assert.Multiple(() =>
        {
            Assert.That(bench.InHypervisor, Is.False);
            Assert.That(bench.S->Nia, Is.EqualTo((ulong)Vector.DataStorage));
            Assert.That(bench.S->Spr[SprNumber.DAR], Is.EqualTo(0xC000000000001000));
            Assert.That(bench.S->Spr[SprNumber.DSISR] & Dsisr.ProcessTable, Is.Not.Zero);
            Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(0x4000));
        });
    }

    // With overcommitted secure memory each slot may be large; there was no bound on their number.
    [Test]
    public void OvercommittedSlotsAreBoundedTogether()
    {
        using Bench bench = new Bench(new UltravisorOptions { Overcommit = true }).Running();
        const ulong Size = 16UL << 30;
        int registered = 0;
        for (ulong n = 1; n <= 8; n++)
            registered += bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Bench.Lpid, n << 40, Size, 0, n) == 0 ? 1 : 0;
        Assert.That(registered, Is.EqualTo(3), "64 GiB with the first slot's 4 MiB");
    }

    // Each made-up number had a counter of its own, and any program can make ultracalls.
    [Test]
    public void CountersOfMadeUpNumbersAreBounded()
    {
        using var bench = new Bench();
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        for (ulong number = 0; number < 2000; number++)
            Assert.That(bench.Call(number << 20, Bench.HypervisorCode), Is.EqualTo(UReturn.U_FUNCTION));
        Assert.That(bench.Uv.UltraCallCounters.Count(), Is.LessThan(300));
        Assert.That(bench.Uv.UltraCallCounters.Sum(counter => counter.Count), Is.EqualTo(2000));
    }

    // A share of all frames looked for each slot from the first one on.
    [Test]
    public void ThousandsOfSlotsCostNoTime()
    {
        using Bench bench = new Bench(new UltravisorOptions { Overcommit = true }).Running();
        const ulong Slots = 16_000;
        for (ulong n = 0; n < Slots; n++)
            bench.Svm.Add(new MemorySlot(n + 1, Bench.GuestSize + (n * Frame), Frame));
        var clock = Stopwatch.StartNew();
        for (int n = 0; n < 10; n++)
            Assert.That(bench.Svm.Covers(0, Bench.GuestSize + (Slots * Frame)), Is.True);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    // Names may overlap: 87,000 properties of up to a megabyte of text each took many minutes.
    [TestCase(false, TestName = "Tree: long names")]
    [TestCase(true, TestName = "Tree: many properties")]
    public void TreeThatTakesForEverIsRefused(bool shortNames)
    {
        const int Size = 2 << 20;
        const int Strings = Size / 2;
        var blob = new byte[Size];
        uint[] header = [0xD00DFEED, Size, 56, Strings, 40, 17, 16, 0, Size - Strings, Strings - 56];
        Words(header).CopyTo(blob, 0);
        int at = 56;
        for (int n = 0; at < Strings - 20; n++)
        {
            uint[] words = n == 0 ? [1, 0] : [3, 0, (uint)n * (shortNames ? 8u : 1)];
            Words(words).CopyTo(blob, at);
            at += words.Length * 4;
        }

        Words(2, 9).CopyTo(blob, at);
        blob.AsSpan(Strings, Size - Strings - 1).Fill((byte)'a');
        for (int n = 0; shortNames && n < (Size - Strings) / 8; n++)
            Encoding.ASCII.GetBytes($"{n:x7}\0").CopyTo(blob, Strings + (n * 8));
        var clock = Stopwatch.StartNew();
        Assert.That(() => FdtReader.Read(blob), Throws.TypeOf<FdtException>());
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void TreeWithEndlessReservationsIsRefused()
    {
        var tree = new FdtTree();
        for (ulong n = 1; n < 100_000; n++)
            tree.Reservations.Add(new FdtReservation(n, 1));
        Assert.That(() => FdtReader.Read(FdtWriter.Write(tree)), Throws.TypeOf<FdtException>().With.Message.Contains("reservations"));
    }

    private static void Reslot(Bench bench)
    {
        Assert.That(bench.HvCall(UltraCall.UV_UNREGISTER_MEM_SLOT, Bench.Lpid, 0), Is.Zero);
        Assert.That(bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, Bench.Lpid, 0, Bench.GuestSize, 0, 0), Is.Zero);
    }

    // Makes an RTAS call; what the hypervisor sees of its arguments.
    private static byte[] Rtas(Bench bench, ulong block, int length)
    {
        byte[] shown = [];
        bench.Hook = (call, arguments) =>
        {
            if (call == HCall.H_RTAS)
                shown = bench.Bytes(Bench.PageOf(arguments[0]), (ulong)length).ToArray();
            return null;
        };
        RtasResult(bench, block);
        return shown;
    }

    private static long RtasResult(Bench bench, ulong block)
    {
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, block);
        bench.Serve();
        return (long)bench.S->Gpr[3];
    }

    private static byte[] Words(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (int n = 0; n < words.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(n * 4), words[n]);
        return bytes;
    }

    private static void Write(Bench bench, ulong gpa, byte[] bytes)
    {
        bench.Uv.Pages.EnsureSecure(bench.Svm, gpa & ~(Frame - 1), ref bench.FrameAt(gpa));
        bytes.CopyTo(bench.Bytes(bench.FrameAt(gpa).Secure + (gpa % Frame), (ulong)bytes.Length));
    }
}
