using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Data stream hints of the original vector facility. Phased out; POWER9 executes them as no-operations, and Linux still issues dssall on each change of address space.</summary>
public static unsafe class DataStream
{
    [Insn("dst", Form.X, 31, 342, "RA,RB,STRM", "II app.")]
    [Insn("dstst", Form.X, 31, 374, "RA,RB,STRM", "II app.")]
    [Insn("dss", Form.X, 31, 822, "STRM", "II app.")]
    public static Insn* Hint(CpuState* s, Insn* i) => i + 1;
}
