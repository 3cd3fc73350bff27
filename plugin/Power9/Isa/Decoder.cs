using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Isa;

/// <summary>Fills a slot from an instruction word, by its row.</summary>
public static unsafe class Decoder
{
    /// <summary>Decodes <paramref name="word"/>.</summary>
    /// <param name="word">The instruction, as a number.</param>
    /// <param name="mode">Index from <see cref="DecodeMode"/>.</param>
    /// <param name="slotIndex">0..1023, the word's place in its 4 KiB page: near branches become slot distances.</param>
    public static Insn Decode(uint word, int mode, int slotIndex)
    {
        Insn insn = default;
        insn.T = (byte)FormFields.Bits(word, 6, 10);
        insn.A = (byte)FormFields.Bits(word, 11, 15);
        insn.B = (byte)FormFields.Bits(word, 16, 20);
        insn.C = (byte)FormFields.Bits(word, 21, 25);
        insn.Imm = (int)word;
        InstructionRow? row = InstructionTable.Instance.Find(word);
        if (row is null)
        {
            insn.Fn = &Interpreter.Illegal.Instruction;
            return insn;
        }

        row.Decodes++;
        bool near = false;
        switch (row.Declaration.Form)
        {
            case Form.I:
                insn.Imm = (int)(word << 6) >> 6 & ~3;
                near = IsNear(word, insn.Imm, slotIndex);
                break;
            case Form.B:
                insn.Imm = (short)word & ~3;
                near = IsNear(word, insn.Imm, slotIndex);
                insn.C = CrMask(insn.A);
                break;
            case Form.XL:
                insn.C = CrMask(insn.A);
                break;
            case Form.D:
                insn.Imm = row.Unsigned ? (ushort)word : (short)word;
                break;
            case Form.DS:
                insn.Imm = (short)word & ~3;
                break;
            case Form.DQ:
                insn.Imm = (short)word & ~15;
                if (row.Declaration.Facility is Facility.Vsx or Facility.VsxOrVector)
                    insn.T |= (byte)(FormFields.Bits(word, 28, 28) << 5);
                break;
            case Form.M:
                DecodeMask(word, ref insn);
                break;
            case Form.MD:
                insn.B |= (byte)(FormFields.Bits(word, 30, 30) << 5);
                insn.Imm = SplitMb(word);
                break;
            case Form.MDS:
                insn.Imm = SplitMb(word);
                break;
            case Form.XS:
                insn.B |= (byte)(FormFields.Bits(word, 30, 30) << 5);
                break;
            case Form.XFX when row.HasSpr:
                insn.Imm = FormFields.SprNumber(word);
                break;
            case Form.DX:
                insn.Imm = (short)((FormFields.Bits(word, 16, 25) << 6) | (FormFields.Bits(word, 11, 15) << 1) | (word & 1));
                break;
            case Form.XX1:
                insn.T |= (byte)((word & 1) << 5);
                break;
            case Form.XX2:
                insn.T |= (byte)((word & 1) << 5);
                insn.B |= (byte)(FormFields.Bits(word, 30, 30) << 5);
                break;
            case Form.XX3:
            case Form.XX3Rc:
            case Form.XX3Dm:
            case Form.XX4:
                insn.T |= (byte)((word & 1) << 5);
                insn.B |= (byte)(FormFields.Bits(word, 30, 30) << 5);
                insn.A |= (byte)(FormFields.Bits(word, 29, 29) << 5);
                if (row.Declaration.Form == Form.XX4)
                    insn.C |= (byte)(FormFields.Bits(word, 28, 28) << 5);
                break;
        }

        if (row.ZeroRa && insn.A == 0)
            insn.A = CpuState.ZeroGpr;
        if (near)
            insn.Imm >>= 2;
        insn.Fn = (delegate*<CpuState*, Insn*, Insn*>)row.Handler(word, mode, near);
        return insn;
    }

    // A relative target inside the page needs no look-up: the immediate becomes a distance in slots.
    private static bool IsNear(uint word, int distance, int slotIndex)
    {
        int target = slotIndex + (distance >> 2);
        return (word & 2) == 0 && target >= 0 && target < Insn.SlotsPerPage;
    }

    // BI selects bit BI % 4 of CR field BI / 4.
    private static byte CrMask(int bi) => (byte)(8 >> (bi & 3));

    // MD and MDS forms keep the high bit of mb (or me) last (ISA 3.0B Book I 1.6.1.13).
    private static int SplitMb(uint word) => (int)(FormFields.Bits(word, 21, 25) | (FormFields.Bits(word, 26, 26) << 5));

    // rlwinm and friends: Imm is the low word of MASK(MB+32, ME+32); C=1 if it wraps, then the high word is all ones.
    private static void DecodeMask(uint word, ref Insn insn)
    {
        int mb = (int)FormFields.Bits(word, 21, 25);
        int me = (int)FormFields.Bits(word, 26, 30);
        uint start = 0xFFFFFFFFu >> mb;
        uint end = 0xFFFFFFFFu << (31 - me);
        insn.C = (byte)(mb > me ? 1 : 0);
        insn.Imm = (int)(mb > me ? start | end : start & end);
    }
}
