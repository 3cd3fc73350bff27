using System.Numerics;
using System.Reflection;

namespace RenodeUvmem.Power9.Isa;

/// <summary>All instructions, collected from the <see cref="InsnAttribute"/>s of this assembly's handlers.</summary>
public sealed class InstructionTable
{
    private readonly InstructionRow[][][] byOpcode = new InstructionRow[64][][];

    private InstructionTable()
    {
        const BindingFlags Handlers = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var rows = new List<InstructionRow>();
        foreach (Type type in typeof(InstructionTable).Assembly.GetTypes())
        {
            if (type.Namespace != "RenodeUvmem.Power9.Interpreter" || !type.IsAbstract)
                continue;
            foreach (MethodInfo method in type.GetMethods(Handlers))
            {
                foreach (InsnAttribute attribute in method.GetCustomAttributes<InsnAttribute>())
                    rows.Add(new InstructionRow(attribute, method));
            }
        }

        // The most specific encoding first: mflr before mfspr.
        rows.Sort((a, b) => BitOperations.PopCount(b.Mask).CompareTo(BitOperations.PopCount(a.Mask)));
        Rows = rows;

        var buckets = new List<InstructionRow>?[64 * 2048];
        foreach (InstructionRow row in rows)
        {
            uint opcode = row.Value >> 26;
            uint care = row.Mask & 0x7FF;
            uint free = ~care & 0x7FF;

            // Walk all settings of the bits of 21:31 that do not matter to this row.
            for (uint setting = free; ; setting = (setting - 1) & free)
            {
                (buckets[(opcode * 2048) + ((row.Value & care) | setting)] ??= []).Add(row);
                if (setting == 0)
                    break;
            }
        }

        for (int opcode = 0; opcode < 64; opcode++)
        {
            byOpcode[opcode] = new InstructionRow[2048][];
            for (int low = 0; low < 2048; low++)
                byOpcode[opcode][low] = buckets[(opcode * 2048) + low]?.ToArray() ?? [];
        }
    }

    /// <summary>The one table; immutable apart from lazily resolved handlers.</summary>
    public static InstructionTable Instance { get; } = new();

    /// <summary>All rows, most specific first.</summary>
    public IReadOnlyList<InstructionRow> Rows { get; }

    /// <summary>The row a word decodes to, or null: illegal instruction.</summary>
    public InstructionRow? Find(uint word)
    {
        foreach (InstructionRow row in byOpcode[word >> 26][word & 0x7FF])
        {
            if ((word & row.Mask) == row.Value)
                return row;
        }

        return null;
    }
}
