using System.Globalization;
using System.Text;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>What became of a window.</summary>
internal sealed class WindowResult(string name)
{
    private const int MaxDescribed = 40;
    private const int Width = 11;
    private readonly long[] counts = new long[Enum.GetValues<DivergenceClass>().Length];

    public string Name => name;

    /// <summary>Instructions executed on both.</summary>
    public long Instructions { get; set; }

    /// <summary>Interrupts that both took by themselves, at the same instruction.</summary>
    public long Synchronous { get; set; }

    /// <summary>Of <see cref="Instructions"/>: problem state, hypervisor's privileged state, guest's privileged state.</summary>
    public long[] States { get; } = new long[3];

    /// <summary>Bytes of RAM compared at the end, and pages of 4 KiB that the window had changed.</summary>
    public (long Bytes, long ChangedPages) Memory { get; set; }

    /// <summary>The unexplained ones, as many as one can read.</summary>
    public List<string> Descriptions { get; } = [];

    /// <summary>Deviations by the rule that explains them.</summary>
    public SortedDictionary<string, long> Rules { get; } = [];

    public long this[DivergenceClass which] => counts[(int)which];

    public void Count(DivergenceClass which, string? rule = null)
    {
        counts[(int)which]++;
        if (rule is not null)
            Rules[rule] = Rules.GetValueOrDefault(rule) + 1;
    }

    public void Unexplained(string description)
    {
        Count(DivergenceClass.Unexplained);
        if (Descriptions.Count < MaxDescribed)
            Descriptions.Add(description);
    }

    /// <summary>All windows as one.</summary>
    public static WindowResult Sum(IReadOnlyList<WindowResult> results)
    {
        var sum = new WindowResult("all") { Instructions = results.Sum(one => one.Instructions), Synchronous = results.Sum(one => one.Synchronous) };
        sum.Memory = (results.Sum(one => one.Memory.Bytes), results.Sum(one => one.Memory.ChangedPages));
        for (int k = 0; k < sum.States.Length; k++)
            sum.States[k] = results.Sum(one => one.States[k]);
        for (int k = 0; k < sum.counts.Length; k++)
            sum.counts[k] = results.Sum(one => one.counts[k]);
        return sum;
    }

    /// <summary>The heading of <see cref="ToString"/>'s columns.</summary>
    public static string Heading { get; } =
        $"{"window",-22} {"instructions",12} {"problem",9} {"hypervisor",10} {"guest",9} {"both int.",9} {"RAM MiB",8} {"pages",6} | "
        + string.Join(' ', Enum.GetNames<DivergenceClass>().Select(one => one.PadLeft(Width)));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name,-22} {Instructions,12} {States[0],9} {States[1],10} {States[2],9} {Synchronous,9} {Memory.Bytes >> 20,8} {Memory.ChangedPages,6} |");
        foreach (long count in counts)
            text.Append(CultureInfo.InvariantCulture, $" {count,Width}");
        return text.ToString();
    }
}
