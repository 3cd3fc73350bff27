using System.Numerics;
using System.Reflection;

namespace RenodeUvmem.Power9.Isa;

/// <summary>All instructions, collected from the <see cref="InsnAttribute"/>s of this assembly's handlers.</summary>
public sealed class InstructionTable
{
    // Words with the same bits 0:5 and 21:31 are one bucket.
    private const int LowBits = 0x7FF;
    private const int Buckets = 64 * (LowBits + 1);

    // Rows of all buckets, and where those of each begin.
    private readonly InstructionRow[] candidates;
    private readonly int[] first = new int[Buckets + 1];

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

        // Counted first, then filled: an array for each bucket would be 100,000 objects.
        foreach (InstructionRow row in rows)
            ForEachBucket(row, bucket => first[bucket + 1]++);
        for (int bucket = 0; bucket < Buckets; bucket++)
            first[bucket + 1] += first[bucket];
        candidates = new InstructionRow[first[Buckets]];
        int[] filled = first[..Buckets];
        foreach (InstructionRow row in rows)
            ForEachBucket(row, bucket => candidates[filled[bucket]++] = row);
    }

    /// <summary>The one table; immutable apart from lazily resolved handlers.</summary>
    public static InstructionTable Instance { get; } = new();

    /// <summary>All rows, most specific first.</summary>
    public IReadOnlyList<InstructionRow> Rows { get; }

    /// <summary>The row a word decodes to, or null: illegal instruction.</summary>
    public InstructionRow? Find(uint word)
    {
        int bucket = BucketOf(word);
        for (int k = first[bucket]; k < first[bucket + 1]; k++)
        {
            InstructionRow row = candidates[k];
            if ((word & row.Mask) == row.Value)
                return row;
        }

        return null;
    }

    private static int BucketOf(uint word) => (int)(((word >> 26) * (LowBits + 1)) + (word & LowBits));

    // All settings of the bits of 21:31 that do not matter to the row.
    private static void ForEachBucket(InstructionRow row, Action<int> action)
    {
        uint free = ~row.Mask & LowBits;
        for (uint setting = free; ; setting = (setting - 1) & free)
        {
            action(BucketOf(row.Value | setting));
            if (setting == 0)
                break;
        }
    }
}
