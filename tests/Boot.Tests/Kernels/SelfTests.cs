using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>
/// The kernel's own tests of itself and of the processor, in the hypervisor: those that run while it boots, those of its ciphers, and its programs
/// (tools/testing/selftests/powerpc). ./scripts/setup.sh --kernel selftest builds them.
/// </summary>
public class SelfTests
{
    private static readonly OtherKernel Kernel = new(
        "selftest", $"script:normal-selftests kunit.enable=1 uvmem.patience=60 uvmem.selftests={string.Join(',', SelfTestTable.Run.Select(line => line.Program))}", ultravisor: false);

    private static IEnumerable<TestCaseData> Programs() =>
        SelfTestTable.Run.Select(line => new TestCaseData(line).SetName($"{{m}}({line.Program})"));

    [TestCaseSource(nameof(Programs))]
    public void Program(object row)
    {
        var line = (SelfTestTable)row;
        string[] said = [.. Of(line.Program)];
        string all = string.Join('\n', said);
        Assert.That(Kernel.Lines, Has.Some.EqualTo($"SELFTEST {line.Program} END 0"), all);

        // The harness of tools/testing/selftests/powerpc/harness.c ends with 0 if a test is skipped, too.
        Assert.That(said.Any(text => text.StartsWith("skip:", StringComparison.Ordinal)), Is.EqualTo(line.Becomes == "skip"), all);
    }

    [Test]
    public void EachProgramIsInTheTable()
    {
        string[] there = [.. Kernel.Lines.Select(text => text.Split(' ')).Where(words => words is ["SELFTEST", _, "END", _] or ["SELFTEST", _, "not", ..]).Select(words => words[1])];
        Assert.That(there, Is.EquivalentTo(SelfTestTable.All.Select(line => line.Program)));
    }

    [TestCase(@"test_printf: all \d+ tests passed")]
    [TestCase(@"test_scanf: all \d+ tests passed")]
    [TestCase(@"test_bitmap: all \d+ tests passed")]
    [TestCase(@"test_strscpy: all \d+ tests passed")]
    [TestCase(@"test_hexdump: all \d+ tests passed")]
    [TestCase(@"test_uuid: all \d+ tests passed")]
    [TestCase("String selftests succeeded")]
    [TestCase("siphash: self-tests: pass")]
    [TestCase("atomic64_test: passed")]
    [TestCase("Running code patching self-tests")]
    [TestCase("Running instruction emulation self-tests")]
    [TestCase("SELFTEST crypto/p8_aes_cbc passed")]
    [TestCase("SELFTEST crypto/p8_aes_ctr passed")]
    [TestCase("SELFTEST crypto/p8_aes_xts passed")]
    [TestCase("SELFTEST crypto/p8_ghash passed")]
    [TestCase("SELFTEST crypto/crc32c-vpmsum passed")]
    [TestCase("SELFTEST crypto/crct10dif-vpmsum passed")]
    [TestCase("SELFTEST crypto/sha1-powerpc passed")]
    [TestCase("SELFTEST crypto/md5-ppc passed")]
    public void ConsoleShows(string pattern) => Assert.That(Kernel.Lines, Has.Some.Match(pattern));

    [TestCase("test failed at line", Description = "code patching, feature sections")]
    [TestCase("emulate_step_test: .* FAIL")]
    [TestCase("^\\[.*\\] not ok ")]
    [TestCase("selftest *: (?!passed)")]
    public void ConsoleDoesNotShow(string pattern) => Assert.That(Kernel.Lines, Has.None.Match(pattern));

    [Test]
    public void InstructionsAreEmulatedAsTheyExecute() =>
        Assert.That(Kernel.Lines.Count(line => line.Contains("emulate_step_test: ", StringComparison.Ordinal) && line.EndsWith("PASS", StringComparison.Ordinal)), Is.GreaterThan(70));

    [Test]
    public void PowersOff() => Assert.That(Kernel.End.End, Is.EqualTo(RunEnd.PowerOff), Kernel.End.Message);

    private static IEnumerable<string> Of(string program) =>
        Kernel.Lines.SkipWhile(line => line != $"SELFTEST {program} BEGIN").TakeWhile(line => !line.StartsWith($"SELFTEST {program} END", StringComparison.Ordinal));
}
