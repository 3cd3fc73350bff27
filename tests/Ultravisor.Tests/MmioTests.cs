using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>Loads and stores of an SVM outside of its memory, which become H_LOGICAL_CI_LOAD and _STORE.</summary>
public unsafe class MmioTests
{
    private const ulong Device = 0x200000001000;
    private const ulong Nia = 0x4100;

    // Encodings from the ISA; the value that the hypervisor answers is the bytes in memory order as a big-endian number.
    [TestCase(0x80640000u, false, 4, 0x11223344UL, 0x11223344UL, TestName = "lwz r3,0(r4) big-endian")]
    [TestCase(0x80640000u, true, 4, 0x11223344UL, 0x44332211UL, TestName = "lwz r3,0(r4) little-endian")]
    [TestCase(0x7C60242Cu, true, 4, 0x11223344UL, 0x11223344UL, TestName = "lwbrx r3,0,r4 little-endian")]
    [TestCase(0x7C60242Cu, false, 4, 0x11223344UL, 0x44332211UL, TestName = "lwbrx r3,0,r4 big-endian")]
    [TestCase(0xE8640000u, true, 8, 0x1122334455667788UL, 0x8877665544332211UL, TestName = "ld r3,0(r4)")]
    [TestCase(0xA8640000u, true, 2, 0x00FFUL, 0xFFFFFFFFFFFFFF00UL, TestName = "lha r3,0(r4) sign-extends")]
    [TestCase(0xE8640002u, false, 4, 0x80000001UL, 0xFFFFFFFF80000001UL, TestName = "lwa r3,0(r4)")]
    [TestCase(0x88640000u, true, 1, 0xA5UL, 0xA5UL, TestName = "lbz r3,0(r4)")]
    [TestCase(0x7C6026EAu, true, 8, 1UL, 0x0100000000000000UL, TestName = "ldcix r3,0,r4")]
    public void Load(uint word, bool littleEndian, int size, ulong answer, ulong expected)
    {
        using Bench bench = Access(word, littleEndian);
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_LOGICAL_CI_LOAD));
        Assert.That(bench.S->Gpr[4], Is.EqualTo((ulong)size));
        Assert.That(bench.S->Gpr[5], Is.EqualTo(Device + 0x24));
        bench.TakeExit();
        bench.SeenGpr[4] = answer;
        bench.ReturnSecure(0);
        Assert.That(bench.S->Gpr[3], Is.EqualTo(expected));
        Assert.That(bench.S->Gpr[4], Is.EqualTo(0x1004));
        Assert.That(bench.S->Nia, Is.EqualTo(Nia + 4));
    }

    [TestCase(0x90640000u, false, 4, 0x55667788UL, TestName = "stw r3,0(r4) big-endian")]
    [TestCase(0x90640000u, true, 4, 0x88776655UL, TestName = "stw r3,0(r4) little-endian")]
    [TestCase(0x7C60252Cu, true, 4, 0x55667788UL, TestName = "stwbrx r3,0,r4 little-endian")]
    [TestCase(0xF8640000u, true, 8, 0x8877665544332211UL, TestName = "std r3,0(r4)")]
    [TestCase(0xB0640000u, true, 2, 0x8877UL, TestName = "sth r3,0(r4)")]
    [TestCase(0x98640000u, true, 1, 0x88UL, TestName = "stb r3,0(r4)")]
    public void Store(uint word, bool littleEndian, int size, ulong value)
    {
        using Bench bench = Access(word, littleEndian);
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_LOGICAL_CI_STORE));
        Assert.That(bench.S->Gpr[4], Is.EqualTo((ulong)size));
        Assert.That(bench.S->Gpr[5], Is.EqualTo(Device + 0x24));
        Assert.That(bench.S->Gpr[6], Is.EqualTo(value));
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.S->Nia, Is.EqualTo(Nia + 4));
        Assert.That(bench.S->Gpr[3], Is.EqualTo(0x1122334455667788));
    }

    [Test]
    public void UpdateFormSetsTheBase()
    {
        using Bench bench = Access(0x84640024u, littleEndian: true);
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.S->Gpr[4], Is.EqualTo(0xC008000000001024), "lwzu: RA gets the effective address");
    }

    [Test]
    public void NobodyAtTheAddressIsADataStorageInterrupt()
    {
        using Bench bench = Access(0x90640000u, littleEndian: true);
        bench.TakeExit();
        bench.ReturnSecure(UReturn.U_PARAMETER);
        Assert.That(bench.S->Nia, Is.EqualTo(0x300));
        Assert.That(bench.S->Spr[SprNumber.DAR], Is.EqualTo(0xC008000000001024));
        Assert.That(bench.S->Spr[SprNumber.DSISR], Is.EqualTo(0x42000000));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(Nia));
    }

    [TestCase(0x7C0027ECu, TestName = "dcbz")]
    [TestCase(0xC8240000u, TestName = "lfd")]
    [TestCase(0x7C602028u, TestName = "lwarx")]
    [TestCase(0xB8640000u, TestName = "lmw")]
    [TestCase(0x00000000u, TestName = "no instruction")]
    public void OtherInstructionsAreIllegalThere(uint word)
    {
        using Bench bench = Access(word, littleEndian: true);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That(bench.S->Nia, Is.EqualTo(0x700));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(Nia));
    }

    // The interrupt switches the MSR to another byte order before the value is put into its register.
    [Test]
    public void InterruptDuringTheAccessComesAfterIt()
    {
        using Bench bench = Access(0x80640000u, littleEndian: true);
        bench.TakeExit();
        bench.SeenGpr[4] = 0x11223344;
        bench.GuestAddress = 0x100;
        bench.GuestMsr &= ~Msr.LE;
        bench.ReturnSecure(0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x100));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(Nia + 4));
        Assert.That(bench.S->Gpr[3], Is.EqualTo(0x44332211));
    }

    [Test]
    public void FetchOutsideOfMemoryIsReflected()
    {
        using Bench bench = new Bench().Running();
        (bench.S->Spr[SprNumber.ASDR], bench.S->Spr[SprNumber.HDAR]) = (Device, Device);
        bench.Cpu.Deliver(Vector.HypervisorInstructionStorage, Device, 0);
        Assert.That(bench.S->Nia, Is.EqualTo(0xE20));
    }

    // A running SVM in guest real mode at an instruction that just faulted on the device.
    private static Bench Access(uint word, bool littleEndian)
    {
        Bench bench = new Bench().Running();
        bench.Uv.Pages.EnsureSecure(bench.Svm, 0, ref bench.FrameAt(0));
        Span<byte> code = bench.Bytes(bench.FrameAt(0).Secure + Nia, 4);
        if (littleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(code, word);
        else
            BinaryPrimitives.WriteUInt32BigEndian(code, word);
        bench.EnterGuest(Nia, littleEndian ? Msr.LE : 0);
        bench.S->Gpr[3] = 0x1122334455667788;
        bench.S->Gpr[4] = 0x1004;
        bench.S->Spr[SprNumber.HDAR] = 0xC008000000001024;
        bench.S->Spr[SprNumber.ASDR] = Device;
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, Nia, 0);
        return bench;
    }
}
