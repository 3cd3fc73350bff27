using System.Globalization;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>A boot on QEMU's powernv9, followed instruction by instruction in windows: short ones, or UVMEM_LOCKSTEP instructions together (scripts/lockstep.sh).</summary>
public sealed class LockStepTests
{
    // A quarter as many with the hashed page table.
    private const string Usual = "200000";

    [TestCase(false, TestName = "RadixBootAsQemuDoes")]
    [TestCase(true, TestName = "HashBootAsQemuDoes")]
    public void BootAsQemuDoes(bool hash)
    {
        var images = new PeerImages();
        if (images.Missing is { } reason)
        {
            Oracles.Missing(reason);
            return;
        }

        long instructions = long.Parse(Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP") ?? Usual, CultureInfo.InvariantCulture);
        string part = Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP_WINDOW") ?? "";
        List<LockStepWindow> windows = [.. (hash ? LockStepWindow.Hash(images, instructions / 4) : LockStepWindow.All(images, instructions))
            .Where(window => window.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        if (windows.Count == 0)
            Assert.Ignore($"no window of this boot has {part} in its name");
        List<WindowResult> results = LockStepRun.Follow(images, windows, hash, TestContext.Progress.WriteLine);
        string table = Table(results);
        TestContext.Out.WriteLine(table);
        if (Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP_TABLE") is { Length: > 0 } path)
            File.AppendAllText(path, table);
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
