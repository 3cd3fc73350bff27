using System.Security.Cryptography;
using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>Paged-out frames: secrecy, integrity, freshness.</summary>
public unsafe class PageCryptoTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Gpa = 8 * Frame;

    // Rows F1 and P19.
    [Test]
    public void ContentSurvivesThePathThroughTheHypervisor()
    {
        using Bench bench = Secret(out byte[] content);
        PageOut(bench, Bench.PageOf(Gpa));
        Assert.That(bench.FrameAt(Gpa).Secure, Is.Zero);
        Touch(bench);
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.SECURE));
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.EqualTo(content));
        Assert.That(bench.Log.Calls, Is.EqualTo(new[]
        {
            "UV_PAGE_OUT(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
            "uv calls H_SVM_PAGE_IN(gpa=0x80000, flags=0, order=16)",
            "UV_PAGE_INVAL(gpa=0x80000, order=16) -> -55 (U_P2)",
            "UV_PAGE_IN(ra=0x180000, gpa=0x80000, flags=0, order=16) -> 0",
        }));
    }

    [Test]
    public void PlaintextNeverReachesNormalMemory()
    {
        using Bench bench = Secret(out byte[] content);
        PageOut(bench, Bench.PageOf(Gpa));
        Assert.That(bench.NormalMemoryContains(content.AsSpan(0x1230, 16)), Is.False);
        Touch(bench);
        bench.GuestCall(UltraCall.UV_SHARE_PAGE, Gpa / Frame, 1);
        Assert.That(bench.NormalMemoryContains(content.AsSpan(0x1230, 16)), Is.False);
    }

    [TestCase(0)]
    [TestCase(0x8001)]
    [TestCase(0xFFFF)]
    public void TamperedPageIsRefusedAndLeavesNothing(int offset)
    {
        using Bench bench = Secret(out _);
        PageOut(bench, Bench.PageOf(Gpa));
        bench.Bytes(Bench.PageOf(Gpa), Frame)[offset] ^= 1;
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16), Is.EqualTo(UReturn.U_P3));
        Assert.That(bench.FrameAt(Gpa).State, Is.EqualTo(PageState.PAGEDOUT));
        bench.Bytes(Bench.PageOf(Gpa), Frame)[offset] ^= 1;
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16), Is.Zero, "the right page is still welcome");
    }

    [Test]
    public void PageOfAnotherFrameIsRefused()
    {
        using Bench bench = Secret(out _);
        PageOut(bench, Bench.PageOf(Gpa));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, Gpa + Frame, 0, 16), Is.Zero);
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.EqualTo(UReturn.U_P3));
    }

    [Test]
    public void OldPageIsRefused()
    {
        using Bench bench = Secret(out _);
        PageOut(bench, Bench.SparePage);
        bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16);
        PageOut(bench, Bench.PageOf(Gpa));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.EqualTo(UReturn.U_P3));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(Gpa), Gpa, 0, 16), Is.Zero);
    }

    [Test]
    public void EqualContentGivesDifferentCiphertext()
    {
        using Bench bench = Secret(out byte[] content);
        bench.Uv.Pages.EnsureSecure(bench.Svm, Gpa + Frame, ref bench.FrameAt(Gpa + Frame));
        content.CopyTo(bench.Bytes(bench.FrameAt(Gpa + Frame).Secure, Frame));
        PageOut(bench, Bench.PageOf(Gpa));
        bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, Gpa + Frame, 0, 16);
        Assert.That(bench.Bytes(Bench.PageOf(Gpa), 64).SequenceEqual(bench.Bytes(Bench.SparePage, 64)), Is.False);
    }

    [Test]
    public void SealLiesInSecureMemory()
    {
        using Bench bench = Secret(out _);
        PageOut(bench, Bench.PageOf(Gpa));
        Assert.That(bench.FrameAt(Gpa).Seal >> 48, Is.EqualTo(1));
    }

    [Test]
    public void FrameNeverTouchedComesOutAsZero()
    {
        using Bench bench = new Bench().Running();
        PageOut(bench, Bench.PageOf(Gpa));
        Touch(bench);
        Assert.That(bench.GuestBytes(Gpa, (int)Frame).ToArray(), Is.All.Zero);
    }

    // Against the platform's cipher used directly: 12-byte nonce with a counter, 16-byte tag, no associated data.
    [Test]
    public void FormatIsAesGcm()
    {
        byte[] seed = [1, 2, 3];
        using var crypto = new PageCrypto(seed, 7);
        byte[] plain = RandomNumberGenerator.GetBytes(64);
        var encrypted = new byte[64];
        var seal = new byte[PageCrypto.SealSize];
        crypto.Seal(plain, encrypted, seal);
        byte[] secret = HMACSHA256.HashData(seed, new byte[] { 0, 0, 0, 0, 0, 0, 0, 7 });
        using var cipher = new AesGcm(secret.AsSpan(0, 16), 16);
        var decrypted = new byte[64];
        cipher.Decrypt(seal.AsSpan(0, 12), encrypted, seal.AsSpan(12, 16), decrypted);
        Assert.That(decrypted, Is.EqualTo(plain));
        Assert.That(seal[11], Is.EqualTo(1));
        crypto.Seal(plain, encrypted, seal);
        Assert.That(seal[11], Is.EqualTo(2));
    }

    private static Bench Secret(out byte[] content)
    {
        Bench bench = new Bench().Running();
        bench.Uv.Pages.EnsureSecure(bench.Svm, Gpa, ref bench.FrameAt(Gpa));
        content = new byte[Frame];
        new Random(4).NextBytes(content);
        content.CopyTo(bench.Bytes(bench.FrameAt(Gpa).Secure, Frame));
        return bench;
    }

    private static void PageOut(Bench bench, ulong target)
    {
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, target, Gpa, 0, 16), Is.Zero);
        bench.Device.Remove(Gpa);
    }

    private static void Touch(Bench bench)
    {
        bench.EnterGuest();
        bench.S->Spr[SprNumber.ASDR] = Gpa;
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, 0x4000, 0);
        bench.Serve();
    }
}
