using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Caching-inhibited loads and stores of the hypervisor (ISA 3.0B Book III 4.4.2).</summary>
public sealed class CacheInhibitedTests
{
    private const ulong Content = 0x8877665544332211;

    [TestCase("lbzcix", 0x11UL)]
    [TestCase("lhzcix", 0x2211UL)]
    [TestCase("lwzcix", 0x44332211UL)]
    [TestCase("ldcix", Content)]
    public void Loads(string mnemonic, ulong expected)
    {
        using var m = new BareMachine();
        m.Word(BareMachine.Data) = Content;
        m.Enter(Context.HostReal, Word(mnemonic, 3, 4, 5)).WithGpr(4, BareMachine.Data - 8).WithGpr(5, 8).WithGpr(3, ulong.MaxValue).Run(1);
        Assert.That(m.Gpr(3), Is.EqualTo(expected));
    }

    [TestCase("stbcix", 0x88776655443322EFUL)]
    [TestCase("sthcix", 0x887766554433CDEFUL)]
    [TestCase("stwcix", 0x8877665589ABCDEFUL)]
    [TestCase("stdcix", 0x0123456789ABCDEFUL)]
    public void Stores(string mnemonic, ulong expected)
    {
        using var m = new BareMachine();
        m.Word(BareMachine.Data) = Content;
        m.Enter(Context.HostReal, Word(mnemonic, 3, 0, 5)).WithGpr(5, BareMachine.Data).WithGpr(3, 0x0123456789ABCDEF).Run(1);
        Assert.That(m.Word(BareMachine.Data), Is.EqualTo(expected));
    }

    [Test]
    public void AreTheHypervisors([Values("lbzcix", "lhzcix", "lwzcix", "ldcix", "stbcix", "sthcix", "stwcix", "stdcix")] string mnemonic)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word(mnemonic, 3, 4, 5)).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestKernel.CodeAddress, (ulong)ProgramCause.Privileged, Context.GuestKernel.Msr);
    }
}
