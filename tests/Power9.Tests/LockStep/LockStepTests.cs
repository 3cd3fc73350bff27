using System.Globalization;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>
/// A boot on QEMU's powernv9, followed instruction by instruction in windows: a few short ones, or UVMEM_LOCKSTEP instructions together and a quarter as many of a
/// boot with the hashed page table (scripts/lockstep.sh).
/// </summary>
public sealed class LockStepTests
{
    private const long Usual = 400_000;

    // The second boot only if it is asked for.
    private static IEnumerable<TestCaseData> Boots()
    {
        yield return new TestCaseData(false).SetName("RadixBootAsQemuDoes");
        if (Asked is not null)
            yield return new TestCaseData(true).SetName("HashBootAsQemuDoes");
    }

    private static string? Asked => Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP");

    [TestCaseSource(nameof(Boots))]
    public void BootAsQemuDoes(bool hash)
    {
        var images = new PeerImages();
        if (images.Missing is { } reason)
        {
            Oracles.Missing(reason);
            return;
        }

        long instructions = Asked is null ? Usual : long.Parse(Asked, CultureInfo.InvariantCulture);
        string part = Environment.GetEnvironmentVariable("UVMEM_LOCKSTEP_WINDOW") ?? "";
        List<LockStepWindow> windows = [.. (hash ? LockStepWindow.Hash(images, instructions / 4) : LockStepWindow.All(images, instructions))
            .Where(window => window.Name.Contains(part, StringComparison.OrdinalIgnoreCase) && (Asked is not null || window.IsUsual))];
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
