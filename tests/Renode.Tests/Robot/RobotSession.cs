using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>
/// A suite in a Renode of its own, as <c>renode-test</c> runs it: before each test the emulation is cleared; a test that requires a state is preceded by the one that provides
/// it, once. A Renode that does not answer any more is ended.
/// </summary>
internal sealed class RobotSession : IDisposable, IKeywordServer
{
    // Of the wall clock: timeouts of the suites are virtual, this one is for a Renode that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly RobotSuite suite;
    private readonly Interpreter interpreter;
    private readonly HashSet<string> provided = new(Names.Comparer);
    private readonly RenodeProcess renode;

    private RobotSession(RobotSuite suite)
    {
        this.suite = suite;
        interpreter = new Interpreter(suite, new Dictionary<string, string> { ["PLUGIN"] = RenodePlaces.Plugin, ["IMAGES"] = RenodePlaces.Images }, this);
        renode = RenodeProcess.Start("robot-" + suite.Name);
        renode.KeywordTimeout = Patience;
    }

    /// <summary>The suite.</summary>
    public RobotSuite Suite => suite;

    /// <summary>False after a keyword without an answer: nothing more can be run in this one.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Starts a Renode for a suite.</summary>
    public static RobotSession Start(RobotSuite suite) => new(suite);

    /// <summary>Runs a test, before it what it requires.</summary>
    /// <exception cref="RobotException">It failed.</exception>
    public void Run(RobotKeyword test)
    {
        foreach (string state in test.ArgumentsOf("Requires").Where(state => !provided.Contains(state)))
        {
            RobotKeyword provider = suite.Tests.Find(other => other.ArgumentsOf("Provides").Contains(state, Names.Comparer))
                ?? throw new RobotException(test.Place, $"no test of the suite provides {state}");
            TestContext.Progress.WriteLine($"{test.Name} requires '{provider.Name}'");
            Run(provider);
        }

        Run("Reset Emulation");
        interpreter.Run(test);
        provided.UnionWith(test.ArgumentsOf("Provides"));
    }

    /// <inheritdoc/>
    public object? Run(string keyword, params object?[] arguments)
    {
        try
        {
            return renode.Run(keyword, arguments);
        }
        catch (TimeoutException e)
        {
            IsUsable = false;
            throw new KeywordException(e.Message);
        }
        catch (KeywordException) when (!renode.IsRunning)
        {
            IsUsable = false;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => renode.Dispose();
}
