using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile;

/// <summary>The hashed page table of the random code leads to that code while it is sound.</summary>
public sealed class HashAreaTests
{
    private const ulong KernelBase = 0xC000000000000000;
    private const ulong Relocated = Msr.SF | Msr.ME | Msr.IR | Msr.DR;

    [TestCase(Relocated | Msr.HV, KernelBase + World.HypervisorCode)]
    [TestCase(Relocated | Msr.HV | Msr.PR, World.HypervisorCode)]
    [TestCase(Relocated, KernelBase + World.GuestCode)]
    [TestCase(Relocated | Msr.PR, World.GuestCode)]
    [TestCase(Msr.SF | Msr.ME, World.GuestCode)]
    public void LeadsToTheCode(ulong msr, ulong ea)
    {
        using var world = new World(1);
        Cpu cpu = world.Cpus[0];
        _ = new HashArea(world.Memory);
        world.Call(cpu, UltraCall.UV_WRITE_PATE, 3, HashArea.Pate, 0);
        bool hypervisor = (msr & Msr.HV) != 0;
        HashArea.Load(cpu, hypervisor);
        cpu.WriteSpecialSpr(SprNumber.LPCR, 0);
        cpu.WriteSpecialSpr(SprNumber.LPIDR, 3);
        cpu.SetMsr(msr);
        cpu.Translate(ea, AccessKind.Fetch, out Translation translation);
        Assert.That(translation.Fault, Is.EqualTo(TranslationFault.None));
        Assert.That(translation.Real, Is.EqualTo(hypervisor ? World.HypervisorCode : World.PageOf(3, World.GuestCode)));
    }
}
