namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Rows from the command line, one told on the console (<c>./scripts/run.sh --row NAME</c>) or many into files (<c>./scripts/matrix.sh</c>).</summary>
internal static class RowCommand
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["--list"] => List(),
        ["--into", var folder] => Into(folder, Matrix.All),
        ["--into", var folder, .. var names] when names.All(IsKnown) => Into(folder, names.Select(name => Matrix.Find(name)!).ToArray()),
        [var name] when IsKnown(name) => new RowStory(Matrix.Find(name)!, System.Console.Out).Tell() ? 0 : 1,
        _ => Usage(),
    };

    private static bool IsKnown(string name) => Matrix.Find(name) is not null;

    private static int List()
    {
        foreach (Row row in Matrix.All)
            System.Console.WriteLine(row.Name);
        return 0;
    }

    private static int Into(string folder, IReadOnlyList<Row> rows)
    {
        Directory.CreateDirectory(folder);
        int failed = 0;
        for (int n = 0; n < rows.Count; n++)
        {
            string path = Path.Combine(folder, rows[n].Name + ".txt");
            using var file = new StreamWriter(path);
            bool holds = new RowStory(rows[n], file).Tell();
            failed += holds ? 0 : 1;
            System.Console.WriteLine($"{rows[n].Name}: {(holds ? "pass" : $"FAIL, see {path}")} ({n + 1} of {rows.Count})");
        }

        System.Console.WriteLine($"{rows.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int Usage()
    {
        string known = string.Join(' ', Matrix.All.Concat(Matrix.Drafts).Select(row => row.Name));
        System.Console.Error.WriteLine($"usage: ./scripts/run.sh --row NAME, or ./scripts/matrix.sh [NAME...], with names of: {known}");
        return 2;
    }
}
