using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector unpack (ISA 3.0B Book I 6.8.1).</summary>
public static unsafe class VectorUnpack
{
    [Insn("vupkhsb", Form.VX, 4, 526, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupkhsb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenUpper(Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupkhsh", Form.VX, 4, 590, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupkhsh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenUpper(Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupkhsw", Form.VX, 4, 1614, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupkhsw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenUpper(Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupklsb", Form.VX, 4, 654, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupklsb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenLower(Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupklsh", Form.VX, 4, 718, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupklsh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenLower(Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupklsw", Form.VX, 4, 1742, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupklsw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.WidenLower(Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vupkhpx", Form.VX, 4, 846, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupkhpx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Pixel(Vector128.WidenUpper(Vr.B<short>(s, i)))) : Facilities.NoVector(s, i);

    [Insn("vupklpx", Form.VX, 4, 974, "VRT,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vupklpx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Pixel(Vector128.WidenLower(Vr.B<short>(s, i)))) : Facilities.NoVector(s, i);

    // 1:5:5:5 to 8:8:8:8; the first bit fills its byte.
    private static Vector128<int> Pixel(Vector128<int> v) =>
        (v & Vector128.Create(unchecked((int)0xFF000000)))
        | ((v << 6) & Vector128.Create(0x001F0000))
        | ((v << 3) & Vector128.Create(0x1F00))
        | (v & Vector128.Create(0x1F));
}
