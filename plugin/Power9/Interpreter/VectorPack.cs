using System.Numerics;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector pack (ISA 3.0B Book I 6.8.1): VRA's elements are the high half of the result.</summary>
public static unsafe class VectorPack
{
    [Insn("vpkuhum", Form.VX, 4, 14, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkuhum(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Narrow(Vr.B<ushort>(s, i), Vr.A<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpkuwum", Form.VX, 4, 78, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkuwum(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Narrow(Vr.B<uint>(s, i), Vr.A<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpkudum", Form.VX, 4, 1102, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkudum(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Narrow(Vr.B<ulong>(s, i), Vr.A<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpkuhus", Form.VX, 4, 142, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkuhus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<ushort, byte>(s, Vr.B<ushort>(s, i)), Clamp<ushort, byte>(s, Vr.A<ushort>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkuwus", Form.VX, 4, 206, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkuwus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<uint, ushort>(s, Vr.B<uint>(s, i)), Clamp<uint, ushort>(s, Vr.A<uint>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkudus", Form.VX, 4, 1230, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkudus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<ulong, uint>(s, Vr.B<ulong>(s, i)), Clamp<ulong, uint>(s, Vr.A<ulong>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkshus", Form.VX, 4, 270, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkshus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<short, byte>(s, Vr.B<short>(s, i)), Clamp<short, byte>(s, Vr.A<short>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkswus", Form.VX, 4, 334, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkswus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<int, ushort>(s, Vr.B<int>(s, i)), Clamp<int, ushort>(s, Vr.A<int>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpksdus", Form.VX, 4, 1358, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpksdus(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<long, uint>(s, Vr.B<long>(s, i)), Clamp<long, uint>(s, Vr.A<long>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkshss", Form.VX, 4, 398, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkshss(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<short, sbyte>(s, Vr.B<short>(s, i)), Clamp<short, sbyte>(s, Vr.A<short>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkswss", Form.VX, 4, 462, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkswss(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<int, short>(s, Vr.B<int>(s, i)), Clamp<int, short>(s, Vr.A<int>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpksdss", Form.VX, 4, 1486, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpksdss(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Vector128.Narrow(Clamp<long, int>(s, Vr.B<long>(s, i)), Clamp<long, int>(s, Vr.A<long>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vpkpx", Form.VX, 4, 782, "VRT,VRA,VRB", "I 6.8.1", Facility = Facility.Vector)]
    public static Insn* Vpkpx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Narrow(Pixel(Vr.B<uint>(s, i)), Pixel(Vr.A<uint>(s, i)))) : Facilities.NoVector(s, i);

    // To the range of the narrow type; SAT tells that a value was outside.
    private static Vector128<TWide> Clamp<TWide, TNarrow>(CpuState* s, Vector128<TWide> value)
        where TWide : unmanaged, INumber<TWide>
        where TNarrow : unmanaged, INumber<TNarrow>, IMinMaxValue<TNarrow>
    {
        Vector128<TWide> min = Vector128.Create(TWide.CreateTruncating(TNarrow.MinValue));
        Vector128<TWide> max = Vector128.Create(TWide.CreateTruncating(TNarrow.MaxValue));
        Vector128<TWide> clamped = Vector128.Min(Vector128.Max(value, min), max);
        Saturate.Note(s, clamped ^ value);
        return clamped;
    }

    // 8:8:8:8 to 1:5:5:5: bit 7, and the high five bits of each colour.
    private static Vector128<uint> Pixel(Vector128<uint> v) =>
        ((v >>> 9) & Vector128.Create(0xFC00u)) | ((v >>> 6) & Vector128.Create(0x03E0u)) | ((v >>> 3) & Vector128.Create(0x001Fu));
}
