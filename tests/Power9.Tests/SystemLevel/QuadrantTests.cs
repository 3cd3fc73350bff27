using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Which tables an effective address selects (ISA 3.0B Book III 5.7.5; QEMU mmu-radix64.c, ppc_radix64_get_fully_qualified_addr).</summary>
public sealed class QuadrantTests
{
    private const ulong Marker = 0x1122334455667788;
    private const ulong OtherLpid = 3;

    [TestCase(BareMachine.UserBase, BareMachine.Data, TestName = "Quadrant 0 of the hypervisor is its process")]
    [TestCase(0x4000000000000000 + BareMachine.UserBase, BareMachine.GuestBase + BareMachine.Data, TestName = "Quadrant 1 of the hypervisor is the guest's process")]
    [TestCase(0x8000000000000000, BareMachine.GuestBase + BareMachine.Data, TestName = "Quadrant 2 of the hypervisor is the guest's kernel")]
    [TestCase(BareMachine.KernelBase, BareMachine.Data, TestName = "Quadrant 3 of the hypervisor is its kernel")]
    public void Hypervisor(ulong window, ulong real)
    {
        using var m = new BareMachine();
        m.Word(real) = Marker;
        m.Access(Context.HostKernel, AccessKind.Load, window + BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(Marker));
    }

    [TestCase(BareMachine.UserBase, TestName = "Quadrant 0 of a guest is its process")]
    [TestCase(BareMachine.KernelBase, TestName = "Quadrant 3 of a guest is its kernel")]
    public void Guest(ulong window)
    {
        using var m = new BareMachine();
        m.Word(BareMachine.GuestBase + BareMachine.Data) = Marker;
        m.Access(Context.GuestKernel, AccessKind.Load, window + BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(Marker));
    }

    [Test]
    public void Quadrants1And2FollowLpidrAtOnce()
    {
        using var m = new BareMachine();
        m.SetPate(OtherLpid, (1UL << 63) | m.GuestPartition.Root, 0x3000);
        m.Enter(Context.HostKernel, Word("ld", 4, 0, 3), Word("mtspr", SprNumber.LPIDR, 5), Word("ld", 4, 0, 3))
            .WithGpr(3, 0x8000000000000000 + BareMachine.Data).WithGpr(5, OtherLpid).Run(2).RunToInterrupt();

        // The other partition's process table is empty.
        Assert.That(m.Nia & 0xFFF, Is.EqualTo((ulong)Vector.DataStorage));
    }

    [Test]
    public void GuestQuadrants1And2AreNoAddresses([Values(0x4000000000000000u, 0x8000000000000000u)] ulong quadrant, [Values] AccessKind kind)
    {
        using var m = new BareMachine();
        ulong ea = quadrant + BareMachine.Data;
        m.Access(Context.GuestKernel, kind, ea).RunToInterrupt();
        ExpectSegment(m, Context.GuestKernel, kind, ea);
    }

    /// <summary>A process of the hypervisor has no more than a guest's: Linux's self-test mm/bad_accesses.</summary>
    [Test]
    public void QuadrantsOfTheHypervisorAreNotItsProcesses([Values(0x4000000000000000u, 0x8000000000000000u)] ulong quadrant, [Values] AccessKind kind)
    {
        using var m = new BareMachine();
        ulong ea = quadrant + BareMachine.UserBase;
        m.Access(Context.HostUser, kind, ea).RunToInterrupt();
        ExpectSegment(m, Context.HostUser, kind, ea);
    }

    /// <summary>EA 2:11 must be 0: POWER9's trees map 52 bits.</summary>
    [Test]
    public void AddressesBeyondTheTreeAreASegmentInterrupt(
        [Values(0x0010000000000000u, 0x3FFFFFFFFFFFFFF8u, 0xC010000000000000u, 0xFFFFFFFFFFFFFFF8u)] ulong ea,
        [Values] AccessKind kind,
        [Values] bool guest)
    {
        using var m = new BareMachine();
        Context context = guest ? Context.GuestKernel : Context.HostKernel;
        m.Access(context, kind, ea).RunToInterrupt();
        ExpectSegment(m, context, kind, ea);
    }

    [Test]
    public void AnImpossibleAddressIsFoundBeforeTablesAreRead()
    {
        using var m = new BareMachine();
        m.SetPate(BareMachine.Lpid, 0, 0);
        m.Access(Context.GuestKernel, AccessKind.Load, 0x0010000000000000);
        m.Cpu.Translate(0x0010000000000000, AccessKind.Load, out Translation result);
        Assert.That(result.Fault, Is.EqualTo(TranslationFault.Segment));
    }

    private static void ExpectSegment(BareMachine m, Context context, AccessKind kind, ulong ea)
    {
        if (kind == AccessKind.Fetch)
        {
            m.ExpectSrr(Vector.InstructionSegment, ea, 0, context.Msr);
            return;
        }

        m.ExpectSrr(Vector.DataSegment, context.CodeAddress, 0, context.Msr);
        Assert.That(m[SprNumber.DAR], Is.EqualTo(ea));
    }
}
