namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>Leaves operations out of a failing case as long as it fails in the same way (delta debugging: halves, quarters, … single operations).</summary>
internal static class Shrinker
{
    /// <summary>The smallest failing case found within so many runs.</summary>
    public static Case Shrink(Case failing, Failure failure, int runs = 400)
    {
        // What came after the failure never ran.
        List<int> kept = [.. (failing.Operations ?? [.. Enumerable.Range(0, failing.Generator.Length)]).TakeWhile(n => n <= failure.Operation)];
        for (int size = Math.Max(1, kept.Count / 2); ; size = Math.Max(1, size / 2))
        {
            bool removed = false;
            for (int at = 0; at < kept.Count && runs > 0;)
            {
                List<int> fewer = [.. kept.Take(at), .. kept.Skip(at + size)];
                runs--;
                if (new Case(failing.Generator, failing.Seed, fewer).Run() is { } again && again.Kind == failure.Kind)
                {
                    kept = [.. fewer.TakeWhile(n => n <= again.Operation)];
                    removed = true;
                }
                else
                {
                    at += size;
                }
            }

            if (runs <= 0 || (size == 1 && !removed))
                return new Case(failing.Generator, failing.Seed, kept);
        }
    }
}
