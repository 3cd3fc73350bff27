using System.Buffers.Binary;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Encodes x86-64 instructions (Intel SDM volume 2) into a buffer. Jumps have 32-bit displacements; the code can be put anywhere.</summary>
internal sealed class Assembler
{
    private byte[] buffer = new byte[16 * 1024];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Code => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Mark(CodeLabel label)
    {
        label.Position = Length;
        if (label.Waiting is null)
            return;
        foreach (int place in label.Waiting)
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(place), Length - place - 4);
        label.Waiting = null;
    }

    public void Jump(CodeLabel label)
    {
        Byte(0xE9);
        Displacement(label);
    }

    public void Jump(HostCondition condition, CodeLabel label)
    {
        Byte(0x0F);
        Byte(0x80 + (int)condition);
        Displacement(label);
    }

    /// <summary>jmp to the address in memory.</summary>
    public void JumpIndirect(Operand place) => Memory(false, 0xFF, 4, place);

    /// <summary>jmp to the address in a register.</summary>
    public void JumpRegister(Register target) => Direct(false, 0xFF, 4, target);

    public void Return() => Byte(0xC3);

    public void Push(Register register)
    {
        if (register >= Register.R8)
            Byte(0x41);
        Byte(0x50 + ((int)register & 7));
    }

    public void Pop(Register register)
    {
        if (register >= Register.R8)
            Byte(0x41);
        Byte(0x58 + ((int)register & 7));
    }

    public void Move(Register to, Register from, bool wide = true)
    {
        if (to != from || !wide)
            Direct(wide, 0x8B, (int)to, from);
    }

    /// <summary>The shortest form; flags stay.</summary>
    public void Move(Register to, long value)
    {
        if (value is >= 0 and <= uint.MaxValue)
        {
            Rex(false, 0, 0, (int)to, false);
            Byte(0xB8 + ((int)to & 7));
            Int32((int)value);
        }
        else if (value >= int.MinValue && value < 0)
        {
            Direct(true, 0xC7, 0, to);
            Int32((int)value);
        }
        else
        {
            Rex(true, 0, 0, (int)to, false);
            Byte(0xB8 + ((int)to & 7));
            Int32((int)value);
            Int32((int)(value >> 32));
        }
    }

    /// <summary>An instruction of the form "op reg, r/m" between registers; <paramref name="opcode"/> above 0xFF has the prefix 0F in front.</summary>
    public void Direct(bool wide, int opcode, int reg, Register rm, bool byteOperand = false)
    {
        Rex(wide, reg, 0, (int)rm, byteOperand && ((reg >= 4 && reg < 8) || (rm >= Register.Rsp && rm < Register.R8)));
        Opcode(opcode);
        Byte(0xC0 | ((reg & 7) << 3) | ((int)rm & 7));
    }

    /// <summary>The same with an operand in memory.</summary>
    public void Memory(bool wide, int opcode, int reg, Operand place, bool byteOperand = false)
    {
        Rex(wide, reg, place.Index == Register.None ? 0 : (int)place.Index, (int)place.Base, byteOperand && reg >= 4 && reg < 8);
        Opcode(opcode);
        Place(reg, place);
    }

    /// <summary>66, F2 or F3 in front of <see cref="Memory"/> or <see cref="Direct"/>.</summary>
    public void Prefix(int prefix) => Byte(prefix);

    /// <summary>op r/m, imm: <paramref name="extension"/> 0 add, 1 or, 4 and, 5 sub, 6 xor, 7 cmp.</summary>
    public void Arithmetic(bool wide, int extension, Register rm, int value)
    {
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            Direct(wide, 0x83, extension, rm);
            Byte(value);
        }
        else
        {
            Direct(wide, 0x81, extension, rm);
            Int32(value);
        }
    }

    /// <summary>op m, imm of 32 or 64 bits.</summary>
    public void Arithmetic(bool wide, int extension, Operand place, int value)
    {
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            Memory(wide, 0x83, extension, place);
            Byte(value);
        }
        else
        {
            Memory(wide, 0x81, extension, place);
            Int32(value);
        }
    }

    /// <summary>A shift by a constant: 4 shl, 5 shr, 7 sar, 0 rol.</summary>
    public void Shift(bool wide, int extension, Register rm, int count)
    {
        Direct(wide, 0xC1, extension, rm);
        Byte(count);
    }

    /// <summary>A BMI2 instruction of map 0F38: pp 1 = 66, 2 = F3, 3 = F2.</summary>
    public void Vex38(bool wide, int pp, int opcode, Register reg, Register vvvv, Register rm) => Vex(2, wide, pp, opcode, (int)reg, (int)vvvv, (int)rm);

    /// <summary>An AVX instruction on 128 bits: map 1 = 0F, 2 = 0F38, 3 = 0F3A; pp 0 = none, 1 = 66, 2 = F3, 3 = F2.</summary>
    public void Avx(int map, int pp, int opcode, int reg, int vvvv, int rm, bool wide = false) => Vex(map, wide, pp, opcode, reg, vvvv, rm);

    /// <summary>The same with an operand in memory.</summary>
    public void Avx(int map, int pp, int opcode, int reg, int vvvv, Operand place)
    {
        int index = place.Index == Register.None ? 0 : (int)place.Index;
        Byte(0xC4);
        Byte((((~reg >> 3) & 1) << 7) | (((~index >> 3) & 1) << 6) | (((~(int)place.Base >> 3) & 1) << 5) | map);
        Byte(((~vvvv & 15) << 3) | pp);
        Byte(opcode);
        Place(reg, place);
    }

    /// <summary>rorx.</summary>
    public void RotateRight(bool wide, Register to, Register from, int count)
    {
        Vex(3, wide, 3, 0xF0, (int)to, 0, (int)from);
        Byte(count);
    }

    /// <summary>bswap.</summary>
    public void ReverseBytes(bool wide, Register register)
    {
        Rex(wide, 0, 0, (int)register, false);
        Byte(0x0F);
        Byte(0xC8 + ((int)register & 7));
    }

    public void Byte(int value)
    {
        if (Length == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        buffer[Length++] = (byte)value;
    }

    public void Int32(int value)
    {
        Byte(value);
        Byte(value >> 8);
        Byte(value >> 16);
        Byte(value >> 24);
    }

    /// <summary>The bytes of a number after its first.</summary>
    public void RestOfInt32(int value)
    {
        Byte(value >> 8);
        Byte(value >> 16);
        Byte(value >> 24);
    }

    private void Displacement(CodeLabel label)
    {
        if (label.Position < 0)
            (label.Waiting ??= new List<int>(2)).Add(Length);
        Int32(label.Position < 0 ? 0 : label.Position - Length - 4);
    }

    private void Opcode(int opcode)
    {
        if (opcode > 0xFFFF)
            Byte(opcode >> 16);
        if (opcode > 0xFF)
            Byte(opcode >> 8);
        Byte(opcode);
    }

    private void Rex(bool wide, int reg, int index, int rm, bool force)
    {
        int rex = 0x40 | (wide ? 8 : 0) | ((reg >> 3) << 2) | ((index >> 3) << 1) | (rm >> 3);
        if (rex != 0x40 || force)
            Byte(rex);
    }

    private void Vex(int map, bool wide, int pp, int opcode, int reg, int vvvv, int rm)
    {
        Byte(0xC4);
        Byte(((~reg >> 3) & 1) << 7 | 1 << 6 | ((~rm >> 3) & 1) << 5 | map);
        Byte((wide ? 0x80 : 0) | ((~vvvv & 15) << 3) | pp);
        Byte(opcode);
        Byte(0xC0 | ((reg & 7) << 3) | (rm & 7));
    }

    private void Place(int reg, Operand place)
    {
        int low = (int)place.Base & 7;
        bool hasIndex = place.Index != Register.None;
        int size = place.Displacement == 0 && low != 5 ? 0 : place.Displacement is >= sbyte.MinValue and <= sbyte.MaxValue ? 1 : 2;
        Byte((size << 6) | ((reg & 7) << 3) | (hasIndex || low == 4 ? 4 : low));
        if (hasIndex || low == 4)
            Byte((place.Scale << 6) | ((hasIndex ? (int)place.Index & 7 : 4) << 3) | low);
        if (size == 1)
            Byte(place.Displacement);
        else if (size == 2)
            Int32(place.Displacement);
    }
}
