using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>Lines of frames, outermost first, divided by semicolons, and a number of instructions: what flamegraph.pl and others read. Frames of kernels are marked as perf's are, <c>_[k]</c>.</summary>
internal sealed class FoldedStacks : ProfileForm
{
    public override void Write(Profile profile, string title, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        double[] weights = profile.Weights(ProfileTrack.Instructions);
        for (int node = 1; node < weights.Length; node++)
        {
            if (weights[node] != 0)
                writer.WriteLine(string.Join(';', profile.Tree.Frames(node).Select(frame => Text(profile.Frames[frame]))) + " " + weights[node].ToString("F0", CultureInfo.InvariantCulture));
        }
    }

    private static string Text(ProfileFrame frame) => frame.Name.Replace(';', ':') + (frame.Owner.IsKernel() ? "_[k]" : "");
}
