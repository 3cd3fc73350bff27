using System.Globalization;

namespace RenodeUvmem.Coverage.Report;

/// <summary>How much of something was reached.</summary>
/// <param name="Reached">Number that was.</param>
/// <param name="Total">Number that could be.</param>
public readonly record struct Tally(int Reached, int Total)
{
    /// <summary>Part that was reached, 0 to 100; of nothing all is reached.</summary>
    public double Percent => Total == 0 ? 100 : 100.0 * Reached / Total;

    /// <summary>The percentage with one decimal, never rounded up to all.</summary>
    public string PercentText => (Math.Floor(Percent * 10) / 10).ToString("F1", CultureInfo.InvariantCulture) + " %";

    /// <summary>Reached/total.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Reached}/{Total}");

    /// <summary>Both together.</summary>
    public static Tally operator +(Tally a, Tally b) => new(a.Reached + b.Reached, a.Total + b.Total);

    /// <summary>Both together.</summary>
    public static Tally Add(Tally a, Tally b) => a + b;

    /// <summary>Lines that ran.</summary>
    public static Tally Lines(IEnumerable<LineReport> lines) => lines.Where(line => line.Counts).Aggregate(default(Tally), (sum, line) => sum + new Tally(line.Ran ? 1 : 0, 1));

    /// <summary>Ways of branches that were gone.</summary>
    public static Tally Ways(IEnumerable<LineReport> lines) => lines.Where(line => line.Counts).Aggregate(default(Tally), (sum, line) => sum + new Tally(line.WaysGone, line.Ways));
}
