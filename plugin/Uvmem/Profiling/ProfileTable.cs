using System.Globalization;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>The sums of one profile, or of two beside each other and what the second has more.</summary>
internal static class ProfileTable
{
    /// <summary>Lines with line ends.</summary>
    public static string Of(Profile profile)
    {
        Sums sums = Sums.Of(profile);
        var instructions = new TextTable("instructions in millions", "", "part");
        foreach ((string name, double weight) in sums.Instructions)
            instructions.Add(name, Text(weight / 1e6), Part(weight, sums.Instructions));
        instructions.Add("all", Text(sums.Instructions.Values.Sum() / 1e6), "");
        var host = new TextTable("host time in ms", "", "part");
        foreach ((string name, double weight) in sums.Host)
            host.Add(name, Text(weight), Part(weight, sums.Host));
        host.Add("all", Text(sums.Host.Values.Sum()), "");
        return $"{instructions}{Environment.NewLine}{host}";
    }

    /// <summary>The second one beside the first.</summary>
    public static string Of(Profile first, string firstName, Profile second, string secondName)
    {
        (Sums one, Sums other) = (Sums.Of(first), Sums.Of(second));
        return Compared("instructions in millions", one.Instructions, other.Instructions, 1e6) + Environment.NewLine + Compared("host time in ms", one.Host, other.Host, 1);

        string Compared(string title, Dictionary<string, double> a, Dictionary<string, double> b, double unit)
        {
            var table = new TextTable(title, firstName, secondName, "more");
            foreach (string name in a.Keys.Union(b.Keys))
                Add(name, a.GetValueOrDefault(name), b.GetValueOrDefault(name));
            Add("all", a.Values.Sum(), b.Values.Sum());
            return table.ToString();

            void Add(string name, double x, double y) => table.Add(name, Text(x / unit), Text(y / unit), ((y - x) / unit).ToString("+#,0.0;-#,0.0;0.0", CultureInfo.InvariantCulture));
        }
    }

    private static string Text(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    private static string Part(double value, Dictionary<string, double> all) => (value / all.Values.Sum()).ToString("0.0 %", CultureInfo.InvariantCulture);

    private sealed record Sums(Dictionary<string, double> Instructions, Dictionary<string, double> Host)
    {
        public static Sums Of(Profile profile)
        {
            // By whose code it is that executes; for the host by what it does.
            Dictionary<CodeOwner, double> owners = [];
            Dictionary<string, double> host = [];
            double[] instructions = profile.Weights(ProfileTrack.Instructions);
            double[] times = profile.Weights(ProfileTrack.Milliseconds);
            for (int node = 1; node < profile.Tree.Count; node++)
            {
                if (instructions[node] != 0)
                    Add(owners, profile.Frames[profile.Tree.Frame(node)].Owner, instructions[node]);
                if (times[node] != 0)
                    Add(host, profile.Frames[profile.Tree.Frames(node)[0]].Name, times[node]);
            }

            return new Sums(owners.OrderBy(owner => owner.Key).ToDictionary(owner => owner.Key.Name(), owner => owner.Value), host);
        }

        private static void Add<T>(Dictionary<T, double> sums, T key, double weight)
            where T : notnull => sums[key] = sums.GetValueOrDefault(key) + weight;
    }
}
