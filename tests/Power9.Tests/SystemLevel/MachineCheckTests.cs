using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Machine checks and what a hostile program can do to the emulator (ISA 3.0B Book III 6.5.2; causes as Linux mce_power.c decodes them).</summary>
public sealed class MachineCheckTests
{
    private const ulong Nowhere = 0x0000_4000_0000_0000;

    // mce_p9_derror_table: 0x40 real address error of a load or store. mce_p9_ierror_table: 0x080C0000 real address error of a fetch.
    [TestCase(AccessKind.Load, 0x200000UL)]
    [TestCase(AccessKind.Store, 0x200000UL)]
    [TestCase(AccessKind.Fetch, 0x080C0000UL)]
    public void AnAddressWhereNothingIs(AccessKind kind, ulong cause)
    {
        using var m = new BareMachine();
        m.Access(Context.HostReal, kind, Nowhere + 0x18).RunToInterrupt();
        ulong cia = kind == AccessKind.Fetch ? Nowhere + 0x18 : BareMachine.Code;
        m.ExpectSrr(Vector.MachineCheck, cia, cause, BareMachine.HypervisorMsr);
        Assert.That(m.CurrentMsr, Is.EqualTo(Msr.SF | Msr.HV | Msr.LE), "ME=0");
        if (kind != AccessKind.Fetch)
            Assert.That((m[SprNumber.DAR], m[SprNumber.DSISR]), Is.EqualTo((Nowhere + 0x18, 0x40UL)));
    }

    [Test]
    public void AGuestsMachineCheckGoesToTheHypervisor()
    {
        using var m = new BareMachine();
        m.GuestPartition.Map(0x800000, Nowhere, RadixTree.Size64K, RadixTree.OpenPage);
        m.Access(Context.GuestUser, AccessKind.Load, BareMachine.UserBase).Run(1);
        m.Access(Context.GuestKernel, AccessKind.Load, BareMachine.KernelBase + 0x800000).RunToInterrupt();
        m.ExpectSrr(Vector.MachineCheck, Context.GuestKernel.CodeAddress, 0x200000, Context.GuestKernel.Msr);
        Assert.That(m.CurrentMsr & Msr.HV, Is.Not.Zero);
    }

    [Test]
    public void AMachineCheckWithMeOffStopsTheThread()
    {
        using var m = new BareMachine();
        m.Put((ulong)Vector.MachineCheck, Word("ld", 4, 0, 3));
        m.Access(Context.HostReal, AccessKind.Load, Nowhere).Cpu.Execute(100);
        Assert.That(m.Cpu.StopReason, Does.Contain("checkstop").And.Contain("0x200"));
    }

    [Test]
    public void AFetchFromADeviceIsAMachineCheck()
    {
        using var m = new BareMachine();
        m.Memory.AddDevice(Nowhere, 0x10000, new Register());
        m.Access(Context.HostReal, AccessKind.Fetch, Nowhere).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck));
    }

    [Test]
    public void ReservationsAndDcbzOnADeviceAreAnAlignmentInterrupt([Values("lwarx", "dcbz")] string mnemonic)
    {
        using var m = new BareMachine();
        m.Memory.AddDevice(Nowhere, 0x10000, new Register());
        uint word = mnemonic == "dcbz" ? Word("dcbz", 0, 3) : Word(mnemonic, 4, 0, 3);
        m.Enter(Context.HostReal, word).WithGpr(3, Nowhere).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.Alignment));
    }

    /// <summary>Every vector faults on itself; time must still pass and Execute return.</summary>
    [Test]
    public void AStormOfInterruptsEnds([Values(0u, 0x7FE00008u, 0x44000002u)] uint word)
    {
        using var m = new BareMachine();
        for (ulong vector = 0x100; vector < 0x4000; vector += 0x20)
            m.Put(vector, word);
        m.Enter(Context.HostReal, word);
        Assert.That(m.Cpu.Execute(10_000), Is.EqualTo(10_000));
    }

    [Test]
    public void AStormOfFetchFaultsEnds()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.AIL;
        m.HostTables.Write(BareMachine.ProcessTable, 0);
        m.Enter(Context.HostKernel);
        Assert.That(m.Cpu.Execute(10_000), Is.EqualTo(10_000));
    }

    /// <summary>An ultravisor that returns to the interrupted place without ending the cause must not hang the host.</summary>
    [Test]
    public void AnInterruptThatNothingSilencesEnds()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HVICE;
        m.Cpu.Ultravisor = new Bounce();
        m.Enter(Context.SvmKernel, Word("b", 0));
        m.Cpu.SetPending(PendingInterrupt.HypervisorVirtualization, true);
        Assert.That(m.Cpu.Execute(1000), Is.EqualTo(1000));
    }

    [TestCase(0xFFFFFFFFFFFFFFFFUL)]
    [TestCase(0x0FFFFFFFFFFFF01FUL)]
    [TestCase(0x0000_4000_0000_001FUL)]
    [TestCase(0UL)]
    public void NoValueOfPtcrHurts(ulong ptcr)
    {
        using var m = new BareMachine();
        m[SprNumber.PTCR] = ptcr;
        foreach (Context context in new[] { Context.HostKernel, Context.GuestKernel, Context.GuestReal })
        {
            m.Enter(context);
            Assert.That(m.Cpu.Execute(100) == 100 || m.Cpu.StopReason is not null);
        }
    }

    private sealed class Register : IMmioDevice
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }

    private sealed unsafe class Bounce : IUltravisor
    {
        public void Entered(Execution.Cpu cpu, Vector vector)
        {
            cpu.State->Nia = cpu.State->Spr[SprNumber.HSRR0];
            cpu.SetMsr(cpu.State->Spr[SprNumber.HSRR1]);
        }
    }
}
