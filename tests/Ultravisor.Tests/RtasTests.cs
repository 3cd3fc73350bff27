using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>RTAS calls of an SVM through shared pages.</summary>
public unsafe class RtasTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Block = (10 * Frame) + 0x40;
    private const ulong Buffer = (11 * Frame) + 0xFF00;
    private const ulong ArgumentPage = 0x3F0000;

    [Test]
    public void ArgumentsAndBufferGoThroughSharedPages()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Buffer, Encoding.ASCII.GetBytes("parameter"));
        Write(bench, Block, Words(0x200F, 3, 1, 20, (uint)Buffer, 0x200, 0xDEAD));
        uint bounced = 0;
        bench.Hook = (call, arguments) =>
        {
            if (call != HCall.H_RTAS)
                return null;
            Assert.That(arguments[0] & ~0xFFFFUL, Is.EqualTo(ArgumentPage));
            Span<byte> block = bench.Bytes(Bench.PageOf(arguments[0]), 64);
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(block), Is.EqualTo(0x200F));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(block[12..]), Is.EqualTo(20));
            bounced = BinaryPrimitives.ReadUInt32BigEndian(block[16..]);
            Span<byte> buffer = bench.Bytes(Bench.PageOf(bounced), 0x200);
            Assert.That(Encoding.ASCII.GetString(buffer[..9]), Is.EqualTo("parameter"));
            Encoding.ASCII.GetBytes("an answer").CopyTo(buffer);

            // What QEMU must not be able to change: the guest's own arguments.
            BinaryPrimitives.WriteUInt32BigEndian(block[12..], 0xBAD);
            BinaryPrimitives.WriteUInt32BigEndian(block[24..], 7);
            return 0;
        };
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.Multiple(() =>
        {
            Assert.That(bench.S->Nia, Is.EqualTo(0x30010));
            Assert.That(bench.S->Gpr[3], Is.Zero);
            Assert.That(bench.FrameAt(bounced).State, Is.EqualTo(PageState.SHARED_IMPLICIT));
            Assert.That(Encoding.ASCII.GetString(Read(bench, Buffer, 9)), Is.EqualTo("an answer"));
            Assert.That(Read(bench, Block, 28), Is.EqualTo(Words(0x200F, 3, 1, 20, (uint)Buffer, 0x200, 7)));
        });
    }

    [Test]
    public void BlockThatWasPagedOutComesInFirst()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2001, 2, 1, 0, 0, 0));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(10 * Frame), 10 * Frame, 0, 16), Is.Zero);
        bench.Device.Remove(10 * Frame);
        bench.Log.Clear();
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.That(bench.Log.Calls.Where(call => call.StartsWith("uv calls", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "uv calls H_SVM_PAGE_IN(gpa=0xa0000, flags=0, order=16)",
            "uv calls H_RTAS(args=0x3f0000)",
        }));
        Assert.That(bench.S->Gpr[3], Is.Zero);
    }

    [Test]
    public void SharedPageThatTheHypervisorTookAwayIsAskedForAgain()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2001, 2, 1, 0, 0, 0));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, ArgumentPage, 16), Is.Zero);
        bench.Log.Clear();
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.That(bench.Log.Calls[0], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x3f0000, flags=1, order=16)"));
        Assert.That(bench.Log.Calls[^1], Is.EqualTo("uv calls H_RTAS(args=0x3f0000)"));
    }

    /// <summary>
    /// Linux, book3s_64_mmu_radix.c, kvm_unmap_radix: no UV_PAGE_INVAL before H_SVM_INIT_DONE. A page that was given before it and then migrated is somebody else's,
    /// and RTAS calls must leave it alone, whether the hypervisor gives its new place at once or on the first use.
    /// </summary>
    [TestCase(false)]
    [TestCase(true)]
    public void PageThatMovedBeforeInitDoneIsNotWrittenTo(bool refusedAtFirst)
    {
        using var bench = new Bench();
        bench.StartGuest();
        bench.WriteTree();
        bool moved = false;
        bool refuse = false;
        bench.Hook = (call, arguments) =>
        {
            if (call == HCall.H_SVM_INIT_DONE)
            {
                moved = true;
                refuse = refusedAtFirst;
                bench.Bytes(Bench.PageOf(ArgumentPage), (int)Frame).Fill(0x5A);
                return null;
            }

            if (call != HCall.H_SVM_PAGE_IN || arguments[0] != ArgumentPage || !moved)
                return null;
            return refuse ? -4 : bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, ArgumentPage, 0, 16);
        };
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.Serve();
        Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Secure));
        refuse = false;
        Write(bench, Block, Words(0x2001, 2, 1, 0, 0, 0));
        bench.Log.Clear();
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.That(bench.Log.Calls[^1], Is.EqualTo("uv calls H_RTAS(args=0x3f0000)"));
        Assert.That(bench.Bytes(Bench.PageOf(ArgumentPage), (int)Frame).ToArray(), Is.All.EqualTo(0x5A));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(bench.Bytes(Bench.SparePage, 4)), Is.EqualTo(0x2001));
    }

    [Test]
    public void StartedCpuEntersAtItsAddressWithItsArgument()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2004, 3, 1, 1, 0x48000, 0x55AA, 0));
        uint passed = 0;
        bench.Hook = (call, arguments) =>
        {
            if (call == HCall.H_RTAS)
                passed = BinaryPrimitives.ReadUInt32BigEndian(bench.Bytes(Bench.PageOf(arguments[0]), 64)[20..]);
            return null;
        };
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.That(passed, Is.Not.Zero.And.Not.EqualTo(0x55AA));

        // KVM enters the new vcpu: no exit went before, R31 is no cookie.
        Array.Clear(bench.SeenGpr);
        bench.GuestAddress = 0x48000;
        bench.GuestMsr = Msr.SF | Msr.ME;
        bench.ReturnSecure(passed);
        Assert.That(bench.S->Nia, Is.EqualTo(0x48000));
        Assert.That(bench.S->Gpr[3], Is.EqualTo(0x55AA));
        Assert.That(bench.S->Msr, Is.EqualTo(Msr.SF | Msr.S | Msr.ME));

        bench.ReturnSecure(passed);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER), "good once");
    }

    // QEMU starts a CPU that stopped itself without clearing its registers: R31 still has the cookie of stop-self.
    [Test]
    public void StoppedCpuStartsAgain()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2005, 0, 1, 0));
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_RTAS));
        Assert.That(bench.S->Gpr[4] & ~0xFFFFUL, Is.EqualTo(0x3A0000), "stop-self has a page of its own: its block is never free again");
        bench.TakeExit();
        ulong stoppedCookie = bench.SeenGpr[31];

        Write(bench, Block, Words(0x2004, 3, 1, 1, 0x48000, 0x55AA, 0));
        uint passed = 0;
        bench.Hook = (call, arguments) =>
        {
            if (call == HCall.H_RTAS)
                passed = BinaryPrimitives.ReadUInt32BigEndian(bench.Bytes(Bench.PageOf(arguments[0]), 64)[20..]);
            return null;
        };
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        bench.SeenGpr[31] = stoppedCookie;
        bench.GuestAddress = 0x48000;
        bench.GuestMsr = Msr.SF | Msr.ME;
        bench.ReturnSecure(passed);
        Assert.That(bench.S->Nia, Is.EqualTo(0x48000));
        Assert.That(bench.S->Gpr[3], Is.EqualTo(0x55AA));
        Assert.That(bench.S->Gpr[31], Is.Zero);

        bench.GuestAddress = stoppedCookie;
        bench.ReturnSecure(0);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER), "the old call is gone");
    }

    [TestCase(17u, 0u)]
    [TestCase(8u, 9u)]
    [TestCase(uint.MaxValue, 1u)]
    [TestCase(0u, uint.MaxValue)]
    public void ImpossibleCountsAreRefused(uint arguments, uint results)
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x2001, arguments, results));
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
    }

    [TestCase(0x400000UL)]
    [TestCase(0x3FFFF0UL)]
    [TestCase(0x00FFFFFFFFFFFFF0UL)]
    [TestCase(ulong.MaxValue)]
    public void BlockOutsideOfMemoryIsRefused(ulong address)
    {
        using Bench bench = new Bench().GoSecure();
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, address);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
    }

    [Test]
    public void BuffersAreFreeAgainAfterRefusals()
    {
        using Bench bench = new Bench().GoSecure();
        Write(bench, Block, Words(0x200F, 3, 1, 20, 0xFFFF0000, 0x200, 0));
        bench.EnterGuest(0x30000, 0);
        for (int round = 0; round < 10; round++)
        {
            bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
            Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER), $"round {round}");
        }

        Write(bench, Block, Words(0x200F, 3, 1, 20, (uint)Buffer, 0x200, 0));
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
        bench.Serve();
        Assert.That(bench.S->Gpr[3], Is.Zero);
    }

    [Test]
    public void GuestThatTouchesTheExchangePagesIsKilledAndTheHypervisorTold()
    {
        using Bench bench = new Bench().GoSecure();
        bench.Bytes(Bench.PageOf(ArgumentPage), 16).Clear();
        bench.EnterGuest();
        bench.S->Spr[SprNumber.ASDR] = ArgumentPage;
        bench.Log.Clear();
        bench.Cpu.Deliver(RenodeUvmem.Power9.Interrupts.Vector.HypervisorDataStorage, 0x4000, 0);
        Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Dead));
        Assert.That(bench.Log.Calls[^1], Is.EqualTo("uv calls H_RTAS(args=0x3f0000)"));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(bench.Bytes(Bench.PageOf(ArgumentPage), 4)), Is.EqualTo(0x201F), "ibm,os-term");
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_CEDE));
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
        Assert.That(bench.Uv.Guest.Access(bench.Svm, gpa, (ulong)bytes.Length, out _), Is.EqualTo(FrameAccess.Ready));
        bench.Uv.Guest.Write(bench.Svm, gpa, bytes);
    }

    private static byte[] Read(Bench bench, ulong gpa, int length)
    {
        var bytes = new byte[length];
        bench.Uv.Guest.Read(bench.Svm, gpa, bytes);
        return bytes;
    }
}
