using System.Numerics;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector rotate left then AND with mask, or insert under mask (ISA 3.0B Book I 6.9.6). VRB holds begin, end and shift of each element.</summary>
public static unsafe class VectorRotateMask
{
    [Insn("vrlwnm", Form.VX, 4, 389, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrlwnm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<uint>.Apply<RotateAndMask32>(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vrldnm", Form.VX, 4, 453, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrldnm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<RotateAndMask64>(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vrlwmi", Form.VX, 4, 133, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrlwmi(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Insert(Each<uint>.Apply<RotateLow32>(Vr.A<uint>(s, i), Vr.B<uint>(s, i)), Each<uint>.Apply<Mask32>(Vr.B<uint>(s, i)), Vr.T<uint>(s, i)))
            : Facilities.NoVector(s, i);

    [Insn("vrldmi", Form.VX, 4, 197, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrldmi(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Insert(Each<ulong>.Apply<RotateLow64>(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i)), Each<ulong>.Apply<Mask64>(Vr.B<ulong>(s, i)), Vr.T<ulong>(s, i)))
            : Facilities.NoVector(s, i);

    private static Vector128<T> Insert<T>(Vector128<T> rotated, Vector128<T> mask, Vector128<T> target)
        where T : unmanaged => Vector128.ConditionalSelect(mask, rotated, target);

    private readonly struct Mask32 : IUnaryLaneOp<uint>
    {
        public static uint Apply(uint a)
        {
            int begin = (int)(a >> 16) & 31;
            int end = (int)(a >> 8) & 31;
            uint from = uint.MaxValue >> begin;
            uint to = uint.MaxValue << (31 - end);
            return begin <= end ? from & to : from | to;
        }
    }

    private readonly struct Mask64 : IUnaryLaneOp<ulong>
    {
        public static ulong Apply(ulong a)
        {
            int begin = (int)(a >> 16) & 63;
            int end = (int)(a >> 8) & 63;
            ulong from = ulong.MaxValue >> begin;
            ulong to = ulong.MaxValue << (63 - end);
            return begin <= end ? from & to : from | to;
        }
    }

    private readonly struct RotateLow32 : ILaneOp<uint>
    {
        public static uint Apply(uint a, uint b) => BitOperations.RotateLeft(a, (int)b & 31);
    }

    private readonly struct RotateLow64 : ILaneOp<ulong>
    {
        public static ulong Apply(ulong a, ulong b) => BitOperations.RotateLeft(a, (int)b & 63);
    }

    private readonly struct RotateAndMask32 : ILaneOp<uint>
    {
        public static uint Apply(uint a, uint b) => BitOperations.RotateLeft(a, (int)b & 31) & Mask32.Apply(b);
    }

    private readonly struct RotateAndMask64 : ILaneOp<ulong>
    {
        public static ulong Apply(ulong a, ulong b) => BitOperations.RotateLeft(a, (int)b & 63) & Mask64.Apply(b);
    }
}
