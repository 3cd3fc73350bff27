using NUnit.Framework;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>Which MSR bit each kind of instruction asks for, and the vector taken without it (ISA 3.0B Book III 6.5.10, 6.5.24, 6.5.25).</summary>
public sealed class FacilityTests
{
    [TestCase("vaddubm", 0, Msr.VEC, 0xF20)]
    [TestCase("lvx", 0, Msr.VEC, 0xF20)]
    [TestCase("mfvscr", 0, Msr.VEC, 0xF20)]
    [TestCase("lxsd", 0, Msr.VEC, 0xF20)]
    [TestCase("xxlor", 0, Msr.VSX, 0xF40)]
    [TestCase("xxlor", 63, Msr.VSX, 0xF40)]
    [TestCase("xxpermdi", 40, Msr.VSX, 0xF40)]
    [TestCase("lxvd2x", 40, Msr.VSX, 0xF40)]
    [TestCase("lxv", 5, Msr.VSX, 0xF40)]
    [TestCase("lxv", 37, Msr.VEC, 0xF20)]
    [TestCase("stxvx", 5, Msr.VSX, 0xF40)]
    [TestCase("stxvx", 37, Msr.VEC, 0xF20)]
    [TestCase("lxvl", 37, Msr.VEC, 0xF20)]
    [TestCase("mtvsrdd", 5, Msr.VSX, 0xF40)]
    [TestCase("mtvsrdd", 37, Msr.VEC, 0xF20)]
    [TestCase("xxspltib", 37, Msr.VEC, 0xF20)]
    [TestCase("mfvsrd", 5, Msr.FP, 0x800)]
    [TestCase("mfvsrd", 37, Msr.VEC, 0xF20)]
    [TestCase("mtvsrwz", 5, Msr.FP, 0x800)]
    public unsafe void Asks_for(string mnemonic, int t, ulong facility, int vector)
    {
        const ulong All = Msr.FP | Msr.VEC | Msr.VSX;
        using var machine = new VectorMachine();
        machine.S->Gpr[3] = VectorMachine.Data;
        ulong others = machine.Msr & ~All;
        machine.Msr = others | facility;
        Assert.That(machine.Run(mnemonic, t, 3, 4), Is.True, "the facility alone is enough");
        machine.Msr = others | (All & ~facility);
        Assert.That(machine.Run(mnemonic, t, 3, 4), Is.False, "without it there is an interrupt");
        Assert.That(machine.Nia & 0xFFF, Is.EqualTo((ulong)vector));
    }
}
