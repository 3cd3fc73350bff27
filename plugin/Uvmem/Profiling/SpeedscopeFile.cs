using System.Text.Json;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>The file format of https://www.speedscope.app: all samples in order of time. A frame's "file" is its owner, by which speedscope colours.</summary>
internal sealed class SpeedscopeFile : ProfileForm
{
    private const string Schema = "https://www.speedscope.app/file-format-schema.json";

    public override void Write(Profile profile, string title, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("name", title);
        json.WriteString("exporter", $"uvmem {typeof(SpeedscopeFile).Assembly.GetName().Version}");
        json.WriteNumber("activeProfileIndex", 0);
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach (ProfileFrame frame in profile.Frames)
        {
            json.WriteStartObject();
            json.WriteString("name", frame.Name);
            json.WriteString("file", frame.Owner.Name());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        foreach (ProfileTrack track in profile.Tracks)
            Write(json, profile, track);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Profile profile, ProfileTrack track)
    {
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", track.Name);
        json.WriteString("unit", track.Unit);
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", track.Total);
        json.WriteStartArray("samples");
        foreach ((int node, _) in track.Samples)
        {
            json.WriteStartArray();
            foreach (int frame in profile.Tree.Frames(node))
                json.WriteNumberValue(frame);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach ((_, double weight) in track.Samples)
            json.WriteNumberValue(weight);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
