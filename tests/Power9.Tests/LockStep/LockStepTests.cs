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
        TestContext.Out.WriteLine(WindowResult.Heading);
        foreach (WindowResult result in results)
            TestContext.Out.WriteLine(result);
        foreach (IGrouping<string, KeyValuePair<string, long>> rule in results.SelectMany(result => result.Rules).GroupBy(rule => rule.Key))
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rule.Sum(one => one.Value),8} times: {rule.Key}"));
        Assert.That(results.SelectMany(result => result.Descriptions.Select(description => $"{result.Name}: {description}")), Is.Empty);
        Assert.That(results.Select(result => result.Instructions), Is.EqualTo(windows.Select(window => window.Instructions)).Using<long, long>((actual, expected) => actual >= expected));
    }
}
