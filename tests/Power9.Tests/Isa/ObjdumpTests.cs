using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.Differential;

namespace RenodeUvmem.Power9.Tests.Isa;

/// <summary>
/// The instruction table against binutils' of POWER9: every primary opcode with every setting of bits 21:31, and of bits 11:15 where extended opcodes
/// reach there; the other fields are random. Names and operands must agree, and neither may know an instruction that the other does not.
/// </summary>
[TestFixture]
public sealed class ObjdumpTests
{
    private const string Objdump = "powerpc64le-linux-gnu-objdump";
    private const int Seed = 20230905;
    private const int Reported = 40;

    /// <summary>Known to binutils for POWER9, which keeps names of older and newer processors.</summary>
    private static readonly Dictionary<string, string> NotOfPower9 = new(StringComparer.Ordinal)
    {
        ["dcbi"] = "left the ISA with 2.0",
        ["eciwx"] = "external control left the ISA with 3.0",
        ["ecowx"] = "external control left the ISA with 3.0",
        ["icswx"] = "coprocessors of POWER7 and POWER8",
        ["icswx."] = "coprocessors of POWER7 and POWER8",
        ["pbt."] = "coprocessors of POWER7 and POWER8",
        ["mtsle"] = "POWER8",
        ["mtsrd"] = "segment registers, 64-bit bridge of PowerPC 620",
        ["mtsrdin"] = "segment registers, 64-bit bridge of PowerPC 620",
        ["rfi"] = "32-bit processors",
        ["tlbia"] = "left the ISA",
        ["tlbld"] = "PowerPC 603",
        ["tlbli"] = "PowerPC 603",
        ["rmieg"] = "in drafts of ISA 3.0 only",
        ["msgsndu"] = "ultravisor doorbells: POWER10",
        ["msgclru"] = "ultravisor doorbells: POWER10",
    };

    /// <summary>Ours alone.</summary>
    private static readonly Dictionary<string, string> NotOfBinutils = new(StringComparer.Ordinal)
    {
        ["firmwaretrap"] = "the word at the OPAL entry",
        ["lfdp"] = "phased out: binutils has it up to POWER8",
        ["lfdpx"] = "phased out: binutils has it up to POWER8",
        ["stfdp"] = "phased out: binutils has it up to POWER8",
        ["stfdpx"] = "phased out: binutils has it up to POWER8",
        ["nop530"] = "reserved no-operation without a name",
        ["nop562"] = "reserved no-operation without a name",
        ["nop594"] = "reserved no-operation without a name",
        ["nop626"] = "reserved no-operation without a name",
    };

    // ISA 3.1 gave these reserved no-operations a name.
    private static readonly Dictionary<string, string> NamesOfReserved = new(StringComparer.Ordinal)
    {
        ["hashstp"] = "nop658",
        ["hashchkp"] = "nop690",
        ["hashst"] = "nop722",
        ["hashchk"] = "nop754",
    };

    // One row here, several names there: the extended mnemonic of an operand's value.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["cpabort"] = "cp_abort",
        ["dssall"] = "dss",
        ["tendall."] = "tend.",
        ["dstt"] = "dst",
        ["dststt"] = "dstst",
    };

    [Test]
    public void The_table_and_binutils_know_the_same_instructions()
    {
        uint[] words = [.. Words()];
        var failures = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        void Fail(string kind, string example)
        {
            if (!failures.TryGetValue(kind, out List<string>? examples))
                failures[kind] = examples = [];
            examples.Add(example);
        }

        var reserved = new List<uint>();
        foreach ((uint word, string name, string operands) in Disassembled(words))
        {
            InstructionRow? row = InstructionTable.Instance.Find(word);
            if (name == ".long")
            {
                if (row is not null)
                    reserved.Add(word);
                continue;
            }

            if (row is null)
            {
                if (!NotOfPower9.ContainsKey(name) && !IsOddPair(word, name))
                    Fail($"missing: {name}", $"{word:x8} {operands}");
                continue;
            }

            Compare(row, word, name, operands, Fail);
        }

        // What binutils refuses has bits set that the ISA reserves. Without them it is the same instruction.
        foreach ((uint word, string name, string operands) in Disassembled([.. reserved.Select(WithoutReservedBits).Distinct()]))
        {
            InstructionRow row = InstructionTable.Instance.Find(word)!;
            if (name != ".long")
                Compare(row, word, name, operands, Fail);
            else if (!NotOfBinutils.ContainsKey(row.Declaration.Mnemonic) && !IsInvalidForm(row, word))
                Fail($"unknown to binutils: {row.Declaration.Mnemonic}", $"{word:x8}");
        }

        TestContext.Out.WriteLine($"{words.Length} words");
        Assert.That(failures, Is.Empty, string.Join('\n', failures.Take(Reported * 5).Select(one => $"{one.Key} ({one.Value.Count}): {string.Join(" | ", one.Value.Take(2))}")));
    }

    /// <summary>uvmem isa --coverage measures the table by this list: it is binutils', and by hand nothing comes or goes.</summary>
    [Test]
    public void The_list_of_names_is_that_of_binutils()
    {
        uint[] words = [.. Words()];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((uint _, string name, string _) in Disassembled(words))
        {
            if (name != ".long" && !NotOfPower9.ContainsKey(name))
                names.Add(NamesOfReserved.GetValueOrDefault(name) ?? Synonyms.GetValueOrDefault(name) ?? name);
        }

        string[] list = File.ReadAllLines(Path.Combine(Oracles.RepositoryRoot().FullName, "plugin", "Uvmem", "Isa", "mnemonics.txt"));
        string there = Path.Combine(AppContext.BaseDirectory, "mnemonics.txt");
        File.WriteAllLines(there, names);
        Assert.That(list, Is.EqualTo(names), $"binutils' list is in {there}");
    }

    [OneTimeSetUp]
    public void Find()
    {
        if (Oracles.Program(Objdump) is null)
            Oracles.Missing($"{Objdump} is not installed");
    }

    private static void Compare(InstructionRow row, uint word, string name, string operands, Action<string, string> fail)
    {
        string mnemonic = row.MnemonicOf(word);
        string text = Disassembler.Text(word, 0);
        string ours = text.Contains(' ', StringComparison.Ordinal) ? text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..] : "";
        if (NamesOfReserved.TryGetValue(name, out string? reservedName) && mnemonic == reservedName)
            return;
        bool hasRowOfItsOwn = (name == "sync" && mnemonic == "ptesync") || (name is "mfspr" or "mtspr" && mnemonic.Length > 3 && mnemonic[..2] == name[..2] && mnemonic != name);
        if (hasRowOfItsOwn)
            return;
        if (mnemonic != (Synonyms.GetValueOrDefault(name) ?? name))
            fail($"name: {mnemonic} is {name}", $"{word:x8}");
        else if (!Synonyms.ContainsKey(name) && ours != operands && !Equivalent(row, ours, operands))
            fail($"operands: {mnemonic} {row.Declaration.Operands}", $"{word:x8} ours {ours} binutils {operands}");
    }

    // binutils prints CR bits by name, SPRs by number, and operands at the end that are hints or may be left out.
    private static bool Equivalent(InstructionRow row, string ours, string operands)
    {
        string[] mine = ours.Split(',');
        string[] theirs = operands.Split(',');
        string mnemonic = row.Declaration.Mnemonic;
        bool hasMore = theirs.Length == mine.Length + 1
            && (mnemonic.EndsWith("arx", StringComparison.Ordinal) || mnemonic is "slbmfee" or "slbmfev" or "mfcr");
        if (theirs.Length != mine.Length && !hasMore)
            return false;
        for (int k = 0; k < mine.Length; k++)
        {
            bool same = mine[k] == theirs[k]
                || (int.TryParse(mine[k], CultureInfo.InvariantCulture, out int bit) && bit == CrBit(theirs[k]))
                || (int.TryParse(theirs[k], CultureInfo.InvariantCulture, out int spr) && SprTable.Find(spr)?.Name == mine[k])
                || (theirs[k] == "32" && mine[k] == "0" && mnemonic.EndsWith("swi", StringComparison.Ordinal));
            if (!same)
                return false;
        }

        return true;
    }

    // "so" or "4*cr3+so".
    private static int CrBit(string text)
    {
        int at = text.IndexOf('+', StringComparison.Ordinal);
        int field = at < 0 ? 0 : text[at - 1] - '0';
        int bit = Array.IndexOf(["lt", "gt", "eq", "so"], text[(at + 1)..]);
        return bit < 0 ? -1 : (4 * field) + bit;
    }

    // A decimal operand of two FPRs that starts at an odd one is an invalid form (ISA 3.0B Book I 5.2.1); binutils prints the even one.
    private static bool IsOddPair(uint word, string name)
    {
        const uint LowestBits = 0x00210800;
        return word >> 26 == 63 && (word & LowestBits) != 0 && InstructionTable.Instance.Find(word & ~LowestBits)?.MnemonicOf(word) == name;
    }

    private static uint WithoutReservedBits(uint word)
    {
        InstructionRow row = InstructionTable.Instance.Find(word)!;
        uint kept = row.Mask;
        foreach (OperandField field in new RowShape(row).Fields)
            kept = field.Insert(kept, -1);

        // A name that ends with a full stop has Rc=1, whatever the row ignores.
        return (word & kept) | (row.Declaration.Mnemonic.EndsWith('.') && row.Declaration.Form == Form.X ? 1u : 0);
    }

    // Fields that contradict each other. What they do is not defined, and binutils prints no name.
    private static bool IsInvalidForm(InstructionRow row, uint word)
    {
        var shape = new RowShape(row);
        int? Value(string name) => shape.Fields.FirstOrDefault(field => field.Name == name)?.Extract(word);
        string mnemonic = row.Declaration.Mnemonic;

        // I 3.3.2: update forms with RA=0, and loads with RA=RT.
        if (shape.IsUpdate && (Value("RA") == 0 || Value("RA") == Value("RT")))
            return true;

        // I 3.3.4, I 4.6.3: the first of two registers is even. II 4.6.2: and no address is in them.
        if (shape.Fields.Any(field => field.Name is "RTp" or "RSp" or "FRTp" or "FRSp" && (field.Extract(word) & 1) != 0))
            return true;
        if (Value("RTp") is { } pair && (pair == (Value("RA0") & ~1) || pair == (Value("RB") & ~1)))
            return true;
        return mnemonic switch
        {
            // I 3.3.6, 3.3.7: RA, RB among the registers that are loaded.
            "lmw" or "lswi" or "lswx" => true,

            // I 2.4: reserved values of BO.
            "bc[l][a]" or "bclr[l]" or "bcctr[l]" or "bctar[l]" => true,

            // I 3.3.17: exactly one bit of FXM. II 6.2.1: 268 and 269. II 4.3.2: L=2. II 4.6.3: L=3 of sync.
            "mfocrf" or "mtocrf" or "mftb" or "dcbf" or "sync" => true,

            // II 4.4: bit 10 is 1. II 4.6.4: WC is 0.
            "copy" or "paste." or "wait" => true,
            _ => false,
        };
    }

    private static IEnumerable<uint> Words()
    {
        var random = new Random(Seed);
        uint Field() => random.Next(3) == 0 ? 0 : (uint)random.Next(32);
        for (uint opcode = 0; opcode < 64; opcode++)
        {
            bool extended = opcode is 4 or 19 or 31 or 59 or 60 or 63;
            for (uint low = 0; low < 2048; low++)
            {
                for (uint a = 0; a < (extended ? 32 : 1); a++)
                    yield return (opcode << 26) | (Field() << 21) | ((extended ? a : Field()) << 16) | (Field() << 11) | low;
            }
        }
    }

    private static IEnumerable<(uint Word, string Name, string Operands)> Disassembled(uint[] words)
    {
        string file = Path.GetTempFileName();
        try
        {
            byte[] bytes = new byte[4 * words.Length];
            for (int k = 0; k < words.Length; k++)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * k), words[k]);
            File.WriteAllBytes(file, bytes);
            var start = new ProcessStartInfo(Objdump, ["-D", "-z", "-b", "binary", "-m", "powerpc:common64", "-EL", "-M", "power9,raw", file]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Objdump} did not start");
            while (process.StandardOutput.ReadLine() is { } line)
            {
                // "  10:\t14 2a 64 7c \tadd     r3,r4,r5"
                string[] columns = line.Split('\t');
                if (columns.Length < 3)
                    continue;
                uint address = uint.Parse(columns[0].AsSpan().Trim().TrimEnd(':'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                string[] parts = columns[2].Split(' ', 2, StringSplitOptions.TrimEntries);

                // Branch targets are printed from the address; the hints + and - of a branch are operands here.
                yield return (words[address / 4], parts[0].TrimEnd('+', '-'), parts.Length > 1 ? Relative(parts[1], address, (words[address / 4] & 2) != 0) : "");
            }

            process.WaitForExit();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Relative(string operands, uint address, bool absolute)
    {
        int at = operands.LastIndexOf("0x", StringComparison.Ordinal);
        if (at < 0)
            return operands;
        ulong target = ulong.Parse(operands.AsSpan(at + 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return operands[..at] + $"0x{(absolute ? (ulong)(int)target : target - address):x}";
    }
}
