using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>
/// The suites of tests/Robot without Robot Framework: the same files, a test for each of theirs. Everything they call beside their own keywords and a few of Robot Framework's
/// is Renode's, by its XML-RPC server.
/// </summary>
[TestFixture]
[RequiresRenode]
internal sealed class RobotTests : IDisposable
{
    private RobotSession? session;

    private static IEnumerable<TestCaseData> Cases
    {
        get
        {
            foreach (string file in Directory.EnumerateFiles(RenodePlaces.Suites, "*.robot").Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                RobotSuite? suite = null;
                Exception? wrong = null;
                try
                {
                    suite = RobotSuite.Read(file);
                }
                catch (RobotException e)
                {
                    wrong = e;
                }

                foreach (RobotKeyword? test in suite is null ? new RobotKeyword?[1] : [.. suite.Tests])
                    yield return new TestCaseData(suite, test, wrong).SetName($"{name}: {test?.Name ?? "can be read"}");
            }
        }
    }

    [OneTimeTearDown]
    public void Dispose() => session?.Dispose();

    [TestCaseSource(nameof(Cases))]
    public void Suite(RobotSuite? suite, RobotKeyword? test, Exception? wrong)
    {
        if (wrong is not null)
            Assert.Fail(wrong.Message);
        if (session is null || !session.IsUsable || session.Suite != suite)
        {
            session?.Dispose();
            session = null;
            session = RobotSession.Start(suite!);
        }

        try
        {
            session.Run(test!);
        }
        catch (RobotException e)
        {
            Assert.Fail(e.Message);
        }
    }
}
