namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>
/// A sequence of operations on one target. Operation n depends on the case's seed and on n, so any subset of a case is a case: that is what
/// makes shrinking as simple as leaving out.
/// </summary>
/// <param name="Generator">What attacks.</param>
/// <param name="Seed">All of its randomness.</param>
/// <param name="Operations">Which operations run, in order; null: all.</param>
internal sealed record Case(Generator Generator, ulong Seed, IReadOnlyList<int>? Operations = null)
{
    private readonly IReadOnlyList<int> operations = Operations ?? [.. Enumerable.Range(0, Generator.Length)];

    /// <summary>Operations made so far, for progress and for a watchdog.</summary>
    public long Done { get; private set; }

    /// <summary>Runs it; null if all properties held.</summary>
    public Failure? Run(Story? story = null, Action? operationDone = null)
    {
        story ??= new Story(kept: false);
        int last = -1;
        try
        {
            using Target target = Generator.Build(Seed);
            foreach (int operation in operations)
            {
                last = operation;
                target.Act(new FuzzRandom(FuzzRandom.Derive(Seed, (ulong)operation)), story);
                Done++;
                operationDone?.Invoke();
                if (Done % Generator.CheckEvery == 0)
                    target.Check();
                if (target.IsOver)
                    break;
            }

            target.Check();
            target.End();
            return null;
        }
        catch (BrokenPropertyException broken)
        {
            return new Failure(last, broken.Property, broken.Message);
        }
#pragma warning disable CA1031 // Whatever the emulator throws is what we look for.
        catch (Exception thrown)
        {
            return new Failure(last, thrown.GetType().Name, $"the emulator threw {thrown}");
        }
#pragma warning restore CA1031
    }
}
