using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>
/// Vector encodings against binutils' objdump for POWER9: whatever it decodes in the vector opcodes the table has under the same name, and nothing more.
/// </summary>
public sealed class EncodingTests
{
    private const string Objdump = "powerpc64le-linux-gnu-objdump";
    private const string NotAnInstruction = ".long";

    // What objdump prints for special operands, and the round-to-odd letter, which is a bit.
    private static readonly Dictionary<string, string> Simplified = new()
    {
        ["vmr"] = "vor",
        ["vnot"] = "vnor",
        ["xxmr"] = "xxlor",
        ["xxlnot"] = "xxlnor",
        ["xvmovdp"] = "xvcpsgndp",
        ["xvmovsp"] = "xvcpsgnsp",
        ["xxspltd"] = "xxpermdi",
        ["xxmrghd"] = "xxpermdi",
        ["xxmrgld"] = "xxpermdi",
        ["xxswapd"] = "xxpermdi",
    };

    [TestCase(4)]
    [TestCase(57)]
    [TestCase(60)]
    [TestCase(61)]
    public void Table_decodes_what_objdump_decodes(int opcode)
    {
        if (Oracles.Program(Objdump) is not { } objdump)
        {
            Oracles.Missing($"{Objdump} is not installed (Debian package binutils-powerpc64le-linux-gnu)");
            return;
        }

        var words = new List<uint>();
        for (uint a = 0; a < 32; a++)
        {
            for (uint low = 0; low < 2048; low++)
                words.Add(((uint)opcode << 26) | (3 << 21) | (a << 16) | (5 << 11) | low);
        }

        var differences = new SortedSet<string>(StringComparer.Ordinal);
        int compared = 0;
        foreach ((uint word, string theirs) in Disassemble(objdump, words))
        {
            string? ours = InstructionTable.Instance.Find(word)?.MnemonicOf(word);
            string expected = Simplified.GetValueOrDefault(theirs, theirs);
            if (theirs == NotAnInstruction)
                continue; // a reserved bit is set, which the processor ignores
            compared++;
            if (ours != expected)
                differences.Add($"{word:x8}: {ours ?? "nothing"}, objdump {theirs}");
        }

        Assert.That(compared, Is.GreaterThan(1000));
        Assert.That(differences, Is.Empty);
    }

    private static List<(uint Word, string Mnemonic)> Disassemble(string objdump, List<uint> words)
    {
        byte[] image = new byte[4 * words.Count];
        for (int n = 0; n < words.Count; n++)
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(4 * n), words[n]);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, image);
            string listing = Oracles.Run(objdump, "-D", "-z", "-b", "binary", "-m", "powerpc:common64", "-M", "power9", "-EL", file);
            var result = new List<(uint, string)>();
            foreach (string line in listing.Split('\n'))
            {
                // "   0:	00 20 60 10 	vaddubm v3,v0,v4"
                string[] columns = line.Split('\t');
                if (columns.Length < 3)
                    continue;
                result.Add((words[result.Count], columns[2].Split(' ')[0]));
            }

            Assert.That(result, Has.Count.EqualTo(words.Count), "lines of objdump");
            return result;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
