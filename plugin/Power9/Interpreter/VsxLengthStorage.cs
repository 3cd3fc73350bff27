using System.Buffers.Binary;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// VSX loads and stores with length: RB's first byte counts the bytes, at most 16 (ISA 3.0B Book I 7.6.3).
/// A left-justified form keeps storage order from byte 0 on, as big-endian storage does.
/// </summary>
public static unsafe class VsxLengthStorage
{
    [Insn("lxvl", Form.XX1, 31, 269, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvl<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Load<TMode>(s, i, !TMode.LittleEndian);

    [Insn("lxvll", Form.XX1, 31, 301, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvll<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Load<TMode>(s, i, true);

    [Insn("stxvl", Form.XX1, 31, 397, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxvl<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Store<TMode>(s, i, !TMode.LittleEndian);

    [Insn("stxvll", Form.XX1, 31, 429, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxvll<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Store<TMode>(s, i, true);

    private static int Length(CpuState* s, Insn* i) => (int)Math.Min(s->Gpr[i->B] >> 56, 16);

    // The length is read in pieces of 16, 8, 4, 2 and 1 bytes, each in little-endian order.
    private static Insn* Load<TMode>(CpuState* s, Insn* i, bool leftJustified)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        int length = Length(s, i);
        UInt128 value = 0;
        int done = 0;
        if ((length & 16) != 0 && !Access.Load<Le64>(s, i, Ea<TMode>(s, i, 0), out value))
            return null;
        if ((length & 8) != 0)
        {
            if (!Access.Load<Le64>(s, i, Ea<TMode>(s, i, 0), out ulong piece))
                return null;
            value = piece;
            done = 8;
        }

        if ((length & 4) != 0)
        {
            if (!Access.Load<Le64>(s, i, Ea<TMode>(s, i, done), out uint piece))
                return null;
            value |= (UInt128)piece << (8 * done);
            done += 4;
        }

        if ((length & 2) != 0)
        {
            if (!Access.Load<Le64>(s, i, Ea<TMode>(s, i, done), out ushort piece))
                return null;
            value |= (UInt128)piece << (8 * done);
            done += 2;
        }

        if ((length & 1) != 0)
        {
            if (!Access.Load<Le64>(s, i, Ea<TMode>(s, i, done), out byte piece))
                return null;
            value |= (UInt128)piece << (8 * done);
        }

        *Vsr.Quad(s, i->T) = leftJustified ? BinaryPrimitives.ReverseEndianness(value) : value;
        return i + 1;
    }

    private static Insn* Store<TMode>(CpuState* s, Insn* i, bool leftJustified)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        int length = Length(s, i);
        UInt128 value = *Vsr.Quad(s, i->T);
        if (leftJustified)
            value = BinaryPrimitives.ReverseEndianness(value);
        int done = 0;
        if ((length & 16) != 0 && !Access.Store<Le64>(s, i, Ea<TMode>(s, i, 0), value))
            return null;
        if ((length & 8) != 0)
        {
            if (!Access.Store<Le64>(s, i, Ea<TMode>(s, i, 0), (ulong)value))
                return null;
            done = 8;
        }

        if ((length & 4) != 0)
        {
            if (!Access.Store<Le64>(s, i, Ea<TMode>(s, i, done), (uint)(value >> (8 * done))))
                return null;
            done += 4;
        }

        if ((length & 2) != 0)
        {
            if (!Access.Store<Le64>(s, i, Ea<TMode>(s, i, done), (ushort)(value >> (8 * done))))
                return null;
            done += 2;
        }

        if ((length & 1) != 0 && !Access.Store<Le64>(s, i, Ea<TMode>(s, i, done), (byte)(value >> (8 * done))))
            return null;
        return i + 1;
    }

    private static ulong Ea<TMode>(CpuState* s, Insn* i, int offset)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)offset);
}
