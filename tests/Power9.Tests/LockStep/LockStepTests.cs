using System.Globalization;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>A boot on QEMU's powernv9, followed instruction by instruction in windows: short ones, or UVMEM_LOCKSTEP instructions together (scripts/lockstep.sh).</summary>
public sealed class LockStepTests
{
    private const long Usual = 200_000;

    [Test]
    public void BootAsQemuDoes()
    {
        var images = new PeerImages();
        if (images.Missing is { } reason)
        {
            Oracles.Missing(reason);
            return;
        }

        string? instructions = Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP");
        IReadOnlyList<LockStepWindow> windows = LockStepWindow.All(images, instructions is null ? Usual : long.Parse(instructions, CultureInfo.InvariantCulture));
        List<WindowResult> results = LockStepRun.Follow(images, windows, TestContext.Progress.WriteLine);
        string table = Table(results);
        TestContext.Out.WriteLine(table);
        if (Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP_TABLE") is { Length: > 0 } path)
            File.WriteAllText(path, table);
        Assert.That(results.SelectMany(result => result.Descriptions.Select(description => $"{result.Name}: {description}")), Is.Empty);
        Assert.That(results.Select(result => result.Instructions), Is.EqualTo(windows.Select(window => window.Instructions)).Using<long, long>((actual, expected) => actual >= expected));
    }
    private static string Table(List<WindowResult> results)
    {
        IEnumerable<string> rules = results.SelectMany(result => result.Rules).GroupBy(rule => rule.Key, rule => rule.Value)
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Sum(),8}  {rule.Key}"));
        return string.Join('\n', [WindowResult.Heading, .. results.Select(result => result.ToString()), WindowResult.Sum(results).ToString(), "", "   times  reason", .. rules, ""]);
    }
}
