using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Checking;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What --translate check found, for people.</summary>
internal static class CheckReport
{
    public static string Of(TierDifference difference)
    {
        var text = new StringBuilder();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"uvmem: check: after {difference.Instructions:N0} instructions the tiers differ:"));
        foreach (string line in difference.What)
            text.AppendLine($"  {line}");
        foreach (string line in difference.Details)
            text.AppendLine($"uvmem: {line}");
        return text.ToString();
    }
}
