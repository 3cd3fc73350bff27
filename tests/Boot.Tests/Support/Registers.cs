using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>Registers of a processor at one moment.</summary>
/// <param name="Nia">Address of the next instruction.</param>
/// <param name="Msr">MSR.</param>
/// <param name="Lpid">LPIDR.</param>
/// <param name="Gpr">GPR 0 to 31.</param>
/// <param name="Executed">Instructions executed.</param>
internal sealed unsafe record Registers(ulong Nia, ulong Msr, ulong Lpid, ulong[] Gpr, long Executed)
{
    public static Registers Of(Cpu cpu)
    {
        CpuState* s = cpu.State;
        return new Registers(s->Nia, s->Msr, s->Spr[SprNumber.LPIDR], new ReadOnlySpan<ulong>(s->Gpr, 32).ToArray(), s->Executed);
    }
}
