using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer average and absolute difference (ISA 3.0B Book I 6.9.2.1, 6.9.2.2).</summary>
public static unsafe class VectorAverage
{
    [Insn("vavgub", Form.VX, 4, 1026, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavgub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Average(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vavguh", Form.VX, 4, 1090, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavguh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Average(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vavguw", Form.VX, 4, 1154, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavguw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Average(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vavgsb", Form.VX, 4, 1282, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavgsb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, AverageSigned(Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vavgsh", Form.VX, 4, 1346, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavgsh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, AverageSigned(Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vavgsw", Form.VX, 4, 1410, "VRT,VRA,VRB", "I 6.9.2.1", Facility = Facility.Vector)]
    public static Insn* Vavgsw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, AverageSigned(Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vabsdub", Form.VX, 4, 1027, "VRT,VRA,VRB", "I 6.9.2.2", Facility = Facility.Vector)]
    public static Insn* Vabsdub(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Max(Vr.A<byte>(s, i), Vr.B<byte>(s, i)) - Vector128.Min(Vr.A<byte>(s, i), Vr.B<byte>(s, i)))
            : Facilities.NoVector(s, i);

    [Insn("vabsduh", Form.VX, 4, 1091, "VRT,VRA,VRB", "I 6.9.2.2", Facility = Facility.Vector)]
    public static Insn* Vabsduh(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Max(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i)) - Vector128.Min(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i)))
            : Facilities.NoVector(s, i);

    [Insn("vabsduw", Form.VX, 4, 1155, "VRT,VRA,VRB", "I 6.9.2.2", Facility = Facility.Vector)]
    public static Insn* Vabsduw(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Max(Vr.A<uint>(s, i), Vr.B<uint>(s, i)) - Vector128.Min(Vr.A<uint>(s, i), Vr.B<uint>(s, i)))
            : Facilities.NoVector(s, i);

    // (a + b + 1) >> 1 without the carry that would be lost: a | b less half of where they differ.
    private static Vector128<byte> Average(Vector128<byte> a, Vector128<byte> b) => (a | b) - ((a ^ b) >>> 1);

    private static Vector128<ushort> Average(Vector128<ushort> a, Vector128<ushort> b) => (a | b) - ((a ^ b) >>> 1);

    private static Vector128<uint> Average(Vector128<uint> a, Vector128<uint> b) => (a | b) - ((a ^ b) >>> 1);

    private static Vector128<sbyte> AverageSigned(Vector128<sbyte> a, Vector128<sbyte> b) => (a | b) - ((a ^ b) >> 1);

    private static Vector128<short> AverageSigned(Vector128<short> a, Vector128<short> b) => (a | b) - ((a ^ b) >> 1);

    private static Vector128<int> AverageSigned(Vector128<int> a, Vector128<int> b) => (a | b) - ((a ^ b) >> 1);
}
