using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Makes cases: random state with one instruction, a branch with markers, or a sequence.</summary>
internal sealed class BlockGenerator(int seed)
{
    private const int Markers = 4;
    private const int MiddleOfWindow = CaseLayout.WindowSize / 2;
    private readonly RandomValues random = new(seed);

    /// <summary>One instruction of a row on random state; addresses fall into the window.</summary>
    public Case Single(RowShape shape)
    {
        Case state = RandomState();
        uint word = RandomFields(shape, _ => true);
        if (shape.Addressing != Addressing.None)
            word = Address(shape, word, state);
        if (shape.Mnemonic.StartsWith("vextu", StringComparison.Ordinal))
            LimitByteIndex(shape, word, state);
        if (shape.Mnemonic.StartsWith("bcd", StringComparison.Ordinal) && !random.OneIn(8))
            SetDecimals(shape, word, state);
        state.AddWord(word);
        return state;
    }

    /// <summary>A branch, then instructions that tell by a register which of them ran.</summary>
    public Case Branch(RowShape shape)
    {
        Case state = RandomState();
        uint word = RandomFields(shape, _ => true);
        int target = 1 + random.Below(Markers + 1);
        foreach (OperandField field in shape.Fields)
        {
            if (field.Name is "LI" or "BD")
                word = field.Insert(word, target);
            if (field.Name == "[a]")
                word = field.Insert(word, 0);

            // With BO[2]=0 bcctr is an invalid form.
            if (field.Name == "BO" && shape.Mnemonic.StartsWith("bcctr", StringComparison.Ordinal))
                word |= 4 << 21;
        }

        state.AddWord(word);
        for (int k = 0; k < Markers; k++)
            state.AddWord(0x38630000u | (1u << k)); // addi r3,r3,1<<k
        ulong address = CaseLayout.CodeAddress + (4 * (ulong)target);
        state[CaseLayout.Lr] = address | (uint)random.Below(4);
        state[CaseLayout.Ctr] = shape.Mnemonic.StartsWith("bcctr", StringComparison.Ordinal)
            ? address | (uint)random.Below(4)
            : random.Pick<ulong>([0, 1, 2, 0x100000000, 0x100000001, random.Bits64()]);
        return state;
    }

    /// <summary>Instructions of several rows. Two GPRs are kept for addresses; no other operand names them, so that every access hits the window.</summary>
    public Case Sequence(IReadOnlyList<RowShape> shapes, int length)
    {
        Case state = RandomState();
        int baseRegister = 1 + random.Below(31);
        int indexRegister = (baseRegister + 1 + random.Below(31)) % 32;
        state.SetGpr(baseRegister, CaseLayout.WindowAddress + MiddleOfWindow);
        state.SetGpr(indexRegister, (ulong)Offset(32));
        while (state.WordCount < length)
        {
            RowShape shape = random.Pick(shapes);

            // A store conditional follows its load and reserve: with the reservation of another length its effect is undefined.
            if (shape.Mnemonic.EndsWith("cx.", StringComparison.Ordinal))
            {
                string load = $"l{shape.Mnemonic[2]}arx";
                state.AddWord(SequenceWord(shapes.First(other => other.Mnemonic == load), baseRegister, indexRegister));
            }

            state.AddWord(SequenceWord(shape, baseRegister, indexRegister));
        }

        return state;
    }

    private uint SequenceWord(RowShape shape, int baseRegister, int indexRegister)
    {
        uint word = RandomFields(shape, register => register != baseRegister && register != indexRegister);
        if (shape.Addressing == Addressing.None)
            return word;
        foreach (OperandField field in shape.Fields)
        {
            if (field.Name is "RA" or "RA0")
                word = field.Insert(word, baseRegister);
            if (field.Name == "RB")
                word = field.Insert(word, indexRegister);
        }

        return shape.Displacement is { } displacement ? displacement.Insert(word, Scaled(displacement, Offset(32))) : word;
    }

    private static int Scaled(OperandField displacement, long value) => displacement.Name switch
    {
        "DS" => (int)(value >> 2) & 0x3FFF,
        "DQ" => (int)(value >> 4) & 0xFFF,
        _ => (int)value & 0xFFFF,
    };

    private static long Unscaled(OperandField displacement, int value) => displacement.Name switch
    {
        "DS" => (short)(value << 2),
        "DQ" => (short)(value << 4),
        _ => (short)value,
    };

    private long Offset(int limit)
    {
        long offset = random.Below(2 * limit) - limit;
        return random.OneIn(8) ? offset : offset & ~15L;
    }

    private uint RandomFields(RowShape shape, Func<int, bool> mayUse)
    {
        uint word = shape.Row.Value;
        foreach (OperandField field in shape.Fields)
        {
            int value;
            do
                value = RandomField(field, shape);
            while (RowShape.IsGpr(field.Name) && !(mayUse(value) && (!field.Name.EndsWith('p') || mayUse(value | 1))));
            word = field.Insert(word, value);
        }

        return word;
    }

    private int RandomField(OperandField field, RowShape shape)
    {
        int value = random.Below(field.Range);
        return field.Name switch
        {
            "RTp" or "RSp" or "FRTp" or "FRSp" or "FRAp" or "FRBp" => value & ~1,
            // II 3.3.9: other values of CY are reserved.
            "CY" => 0,
            "FXM" when shape.Mnemonic.EndsWith("ocrf", StringComparison.Ordinal) => 1 << random.Below(8),
            "SI" or "UI" when random.OneIn(3) => random.Pick([0, 1, 0xFFFF, 0x8000, 0x7FFF]),
            "FC" when !random.OneIn(8) => random.Pick<int>(shape.Fields[0].Name == "RS" ? [0, 1, 2, 3, 4, 5, 6, 7, 24] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 24, 25, 28]),
            // L=3 (local) is newer than this QEMU.
            "L" when shape.Mnemonic == "dcbf" => random.Pick([0, 1]),

            // Byte numbers from which a word or doubleword does not fit are undefined.
            "UIM" when shape.Mnemonic is "vextractuw" or "vinsertw" or "xxextractuw" or "xxinsertw" => value % 13,
            "UIM" when shape.Mnemonic is "vextractd" or "vinsertd" => value % 9,
            "UIM" when shape.Mnemonic is "vextractuh" or "vinserth" => value % 15,
            _ => value,
        };
    }

    // Picks base and index registers so that the access lies in the window, and sets them.
    private uint Address(RowShape shape, uint word, Case state)
    {
        ulong ea = CaseLayout.WindowAddress + MiddleOfWindow + (ulong)Offset(256);
        if (MustBeAligned(shape))
            ea &= ~15UL;
        OperandField baseField = shape.Fields.First(field => field.Name is "RA" or "RA0");
        OperandField? data = shape.Fields.FirstOrDefault(field => field.Name is "RT" or "RTp" or "RS" or "RSp");
        int dataRegister = data is null || shape.Mnemonic[0] != 'l' ? -1 : data.Extract(word) & ~(data.Name == "RTp" ? 1 : 0);
        int loaded = Loaded(shape, ref word, ref dataRegister, state);
        bool Conflicts(int register) =>
            dataRegister >= 0 && (loaded > 0 ? ((register - dataRegister) & 31) < loaded : register == dataRegister && (shape.IsUpdate || data!.Name == "RTp"));

        int baseRegister;
        do
            baseRegister = random.Below(32);
        while (Conflicts(baseRegister) || (baseRegister == 0 && (shape.Addressing != Addressing.Indexed || baseField.Name == "RA")));
        word = baseField.Insert(word, baseRegister);
        switch (shape.Addressing)
        {
            case Addressing.Displacement:
                OperandField displacement = shape.Displacement!;
                ea -= (ulong)Unscaled(displacement, displacement.Extract(word));
                break;
            case Addressing.Indexed or Addressing.Length:
                int indexRegister;
                do
                    indexRegister = random.Below(32);
                while (Conflicts(indexRegister) || indexRegister == baseRegister);
                word = shape.Fields.First(field => field.Name == "RB").Insert(word, indexRegister);
                if (shape.Addressing == Addressing.Length)
                {
                    state.SetGpr(indexRegister, ((ulong)random.Below(random.OneIn(4) ? 256 : 18) << 56) | (random.Bits64() >> 8));
                    break;
                }

                ulong index = baseRegister == 0 ? ea : random.Integer();
                state.SetGpr(indexRegister, index);
                ea -= index;
                break;
        }

        if (baseRegister != 0 || shape.Addressing != Addressing.Indexed)
            state.SetGpr(baseRegister, ea);
        return word;
    }

    // How many registers a string or multiple load writes: the address may be in none of them. A length of 0 leaves RT undefined, for lswx.
    private int Loaded(RowShape shape, ref uint word, ref int dataRegister, Case state)
    {
        const int MostBytes = 100;
        switch (shape.Mnemonic)
        {
            case "lmw":
                dataRegister = 2 + random.Below(30);
                word = shape.Fields.First(field => field.Name == "RT").Insert(word, dataRegister);
                return 32 - dataRegister;
            case "lswi":
                int bytes = (int)(word >> 11) & 31;
                return ((bytes == 0 ? 32 : bytes) + 3) / 4;
            case "lswx" or "stswx":
                int length = 1 + random.Below(MostBytes);
                state[CaseLayout.Xer] = (state[CaseLayout.Xer] & ~0x7FUL) | (uint)length;
                return (length + 3) / 4;
            default:
                return 0;
        }
    }

    // Operands of decimal instructions are valid numbers of the format they take.
    private void SetDecimals(RowShape shape, uint word, Case state)
    {
        foreach (OperandField field in shape.Fields)
        {
            // VRA of a shift or truncation is a digit count in byte 7.
            bool isCount = shape.Mnemonic is "bcds." or "bcdus." or "bcdsr." or "bcdtrunc." or "bcdutrunc.";
            if (field.Name is not ("VRA" or "VRB"))
                continue;
            (ulong high, ulong low) = field.Name == "VRA" && isCount
                ? ((ulong)(byte)(random.Below(80) - 40), random.Bits64())
                : random.Number(shape.Mnemonic);
            int vsr = 32 + field.Extract(word);
            state[CaseLayout.Vsr + (16 * vsr)] = low;
            state[CaseLayout.Vsr + (16 * vsr) + 8] = high;
        }
    }

    // vextuhlx and its kin: an index from which the element does not fit is undefined.
    private void LimitByteIndex(RowShape shape, uint word, Case state)
    {
        int limit = shape.Mnemonic[5] switch { 'w' => 13, 'h' => 15, _ => 16 };
        int register = shape.Fields.First(field => field.Name == "RA").Extract(word);
        state.SetGpr(register, (state.Gpr(register) & ~15UL) | (uint)random.Below(limit));
    }

    // QEMU does not check lq, stq and the store conditionals; ISA 3.0B Book III 6.5.8 has an alignment interrupt there.
    private static bool MustBeAligned(RowShape shape) =>
        shape.Mnemonic is "lq" or "stq" or "lwat" or "ldat" or "stwat" or "stdat" || shape.Mnemonic.EndsWith("cx.", StringComparison.Ordinal);

    private Case RandomState()
    {
        var state = Case.New();
        for (int r = 0; r < 32; r++)
            state.SetGpr(r, random.Integer());
        for (int n = 0; n < 64; n++)
        {
            (ulong high, ulong low) = random.Quadword();
            state[CaseLayout.Vsr + (16 * n)] = low;
            state[CaseLayout.Vsr + (16 * n) + 8] = high;
        }

        for (int k = 0; k < CaseLayout.WindowSize; k += 16)
        {
            (ulong high, ulong low) = random.Quadword();
            state[CaseLayout.Memory + k] = low;
            state[CaseLayout.Memory + k + 8] = high;
        }

        state[CaseLayout.Cr] = (uint)random.Bits64();
        state[CaseLayout.Xer] = random.Bits64() & 0xE00C007F;
        state[CaseLayout.Lr] = random.Integer();
        state[CaseLayout.Ctr] = random.Integer();
        state[CaseLayout.Vrsave] = (uint)random.Bits64();
        state[CaseLayout.Fpscr] = RandomFpscr();
        state[CaseLayout.Vscr] = (random.OneIn(4) ? 0x10000u : 0) | (uint)random.Below(2);
        return state;
    }

    // ISA 3.0B Book I 4.2.2. No enabled exception is pending: loading such a value would raise it.
    private ulong RandomFpscr()
    {
        const ulong Invalid = 0x01F80700;
        const ulong Sticky = 0x9E000000 | Invalid;
        ulong fpscr = ((ulong)random.Below(8) << 32) | (uint)random.Below(4);
        int kind = random.Below(4);
        if (kind >= 2)
            fpscr |= random.Bits64() & (Sticky | 0x0007F000);
        if (kind == 3)
        {
            ulong enables = random.Bits64() & 0xF8;
            fpscr |= enables;
            fpscr &= ~((enables & 0x78) << 22);
            if ((enables & 0x80) != 0)
                fpscr &= ~Invalid;
        }

        fpscr &= ~0x60000000UL;
        return (fpscr & Invalid) != 0 ? fpscr | 0x20000000 : fpscr;
    }
}
