using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector Status and Control Register (ISA 3.0B Book I 6.18). NJ and SAT exist.</summary>
public static unsafe class VectorStatus
{
    [Insn("mtvscr", Form.VX, 4, 1604, "VRB", "I 6.18", Facility = Facility.Vector)]
    public static Insn* Mtvscr(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        s->Vscr = (uint)*Vsr.Low(s, 32 + i->B) & (NJ | Saturate.SAT);
        return i + 1;
    }

    [Insn("mfvscr", Form.VX, 4, 1540, "VRT", "I 6.18", Facility = Facility.Vector)]
    public static Insn* Mfvscr(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (UInt128)s->Vscr) : Facilities.NoVector(s, i);

    private const uint NJ = 0x10000;
}
