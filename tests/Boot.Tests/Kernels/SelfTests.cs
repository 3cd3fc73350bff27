using NUnit.Framework;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>
/// The kernel's own tests of itself and of the processor, in the hypervisor: those that run while it boots, those of its ciphers, and its programs
/// (tools/testing/selftests/powerpc). ./scripts/setup.sh --kernel selftest builds them.
/// </summary>
public class SelfTests
{
    // Linux reads 2048 bytes of command line: the programs' names don't fit in one.
    private const int LongestList = 1500;

    private static readonly List<Boot> Boots = [.. Batches().Select(programs => new Boot(programs))];

    private static OtherKernel Kernel => Boots[0].Kernel;

    private static IEnumerable<TestCaseData> Programs() =>
        SelfTestTable.Run.Select(line => new TestCaseData(line).SetName($"{{m}}({line.Program})"));

    [TestCaseSource(nameof(Programs))]
    public void Program(object row)
    {
        var line = (SelfTestTable)row;
        IReadOnlyList<string> console = Boots.First(boot => boot.Programs.Contains(line)).Kernel.Lines;
        string[] said = [.. Of(console, line.Program)];
        string all = string.Join('\n', said);
        Assert.That(console, Has.Some.EqualTo($"SELFTEST {line.Program} END 0"), all);

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
    public void EachBootPowersOff() => Assert.That(Boots.Select(boot => boot.Kernel.End.End), Has.All.EqualTo(RunEnd.PowerOff));

    private static IEnumerable<string> Of(IEnumerable<string> console, string program) =>
        console.SkipWhile(line => line != $"SELFTEST {program} BEGIN").TakeWhile(line => !line.StartsWith($"SELFTEST {program} END", StringComparison.Ordinal));

    private static IEnumerable<List<SelfTestTable>> Batches()
    {
        var batch = new List<SelfTestTable>();
        foreach (SelfTestTable line in SelfTestTable.Run)
        {
            if (batch.Append(line).Sum(each => each.Program.Length + 1) > LongestList)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(line);
        }

        yield return batch;
    }

    private sealed record Boot(List<SelfTestTable> Programs)
    {
        public OtherKernel Kernel { get; } = new(
            "selftest", $"script:normal-selftests kunit.enable=1 uvmem.patience=60 uvmem.selftests={string.Join(',', Programs.Select(line => line.Program))}", ultravisor: false);
    }
}
