using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interrupts;

/// <summary>
/// Synchronous interrupts raised by handlers. All return null, so that a handler can write <c>return Raise.Program(s, i, …)</c>:
/// state is saved, the run ends, and execution goes on at the vector.
/// </summary>
public static unsafe class Raise
{
    /// <summary>Program interrupt 0x700.</summary>
    public static Insn* Program(CpuState* s, Insn* i, ProgramCause cause)
    {
        Cpu.Of(s).Deliver(Vector.Program, Flow.Cia(s, i), (ulong)cause);
        return null;
    }

    /// <summary>Hypervisor Emulation Assistance 0xE40, with the instruction in HEIR.</summary>
    public static Insn* EmulationAssistance(CpuState* s, Insn* i)
    {
        Cpu cpu = Cpu.Of(s);
        ulong cia = Flow.Cia(s, i);
        s->Spr[SprNumber.HEIR] = cpu.InstructionWordAt(i);
        cpu.Deliver(Vector.HypervisorEmulationAssistance, cia, 0);
        return null;
    }

    /// <summary>FP, vector or VSX unavailable: 0x800, 0xF20, 0xF40.</summary>
    public static Insn* Unavailable(CpuState* s, Insn* i, Vector vector)
    {
        Cpu.Of(s).Deliver(vector, Flow.Cia(s, i), 0);
        return null;
    }

    /// <summary>Facility Unavailable 0xF60, or Hypervisor Facility Unavailable 0xF80, with the interrupt cause in FSCR or HFSCR bits 0:7.</summary>
    public static Insn* FacilityUnavailable(CpuState* s, Insn* i, bool hypervisor, int cause)
    {
        int spr = hypervisor ? SprNumber.HFSCR : SprNumber.FSCR;
        s->Spr[spr] = (s->Spr[spr] & 0x00FFFFFFFFFFFFFF) | ((ulong)cause << 56);
        Cpu.Of(s).Deliver(hypervisor ? Vector.HypervisorFacilityUnavailable : Vector.FacilityUnavailable, Flow.Cia(s, i), 0);
        return null;
    }

    /// <summary>Alignment interrupt 0x600 with DAR.</summary>
    public static Insn* Alignment(CpuState* s, Insn* i, ulong ea)
    {
        s->Spr[SprNumber.DAR] = ea;
        Cpu.Of(s).Deliver(Vector.Alignment, Flow.Cia(s, i), 0);
        return null;
    }

    /// <summary>Data storage interrupt 0x300 for what the instruction itself does wrong, not its translation.</summary>
    public static Insn* DataStorage(CpuState* s, Insn* i, ulong ea, DataStorageCause cause)
    {
        s->Spr[SprNumber.DAR] = ea;
        s->Spr[SprNumber.DSISR] = (uint)cause;
        Cpu.Of(s).Deliver(Vector.DataStorage, Flow.Cia(s, i), 0);
        return null;
    }
}
