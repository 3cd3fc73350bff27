using System.Text.Json;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>Reads what <see cref="SpeedscopeFile"/> writes.</summary>
internal static class SpeedscopeReader
{
    // Deeper than any stack that was written.
    private const int MostFrames = 1000;

    /// <summary>Reads a profile.</summary>
    /// <exception cref="InvalidDataException">The file is none, or not by uvmem.</exception>
    public static Profile Read(byte[] bytes)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(bytes);
            JsonElement root = file.RootElement;
            var profile = new Profile();
            int[] numbers = [.. root.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => profile.Add(Frame(frame)))];
            foreach (JsonElement track in root.GetProperty("profiles").EnumerateArray())
                profile.Tracks.Add(Track(profile, track, numbers));
            return profile;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static ProfileFrame Frame(JsonElement frame)
    {
        string owner = frame.GetProperty("file").GetString()!;
        return new ProfileFrame(frame.GetProperty("name").GetString()!, CodeOwners.Named(owner) ?? throw new InvalidDataException($"'{owner}' owns no code"));
    }

    private static ProfileTrack Track(Profile profile, JsonElement element, int[] numbers)
    {
        var track = new ProfileTrack(element.GetProperty("name").GetString()!, element.GetProperty("unit").GetString()!);
        JsonElement samples = element.GetProperty("samples");
        JsonElement weights = element.GetProperty("weights");
        if (samples.GetArrayLength() != weights.GetArrayLength())
            throw new InvalidDataException($"{samples.GetArrayLength()} samples have {weights.GetArrayLength()} weights");
        foreach ((JsonElement stack, JsonElement weight) in samples.EnumerateArray().Zip(weights.EnumerateArray()))
        {
            if (stack.GetArrayLength() > MostFrames)
                throw new InvalidDataException($"a stack of {stack.GetArrayLength()} frames");
            int node = 0;
            foreach (JsonElement frame in stack.EnumerateArray())
                node = profile.Tree.Child(node, numbers[frame.GetInt32()]);
            track.Add(node, weight.GetDouble());
        }

        return track;
    }
}
