using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Time of the host by what it did, and for whose code.</summary>
public sealed class HostTimes
{
    private static readonly Dictionary<HostWork, string> Names = new()
    {
        [HostWork.Interpreter] = "interpreter",
        [HostWork.Translated] = "translated code",
        [HostWork.Translator] = "recording traces",
        [HostWork.Decoding] = "decoding",
        [HostWork.Access] = "slow loads and stores",
        [HostWork.TableWalk] = "table walks",
        [HostWork.Invalidation] = "TLB invalidation",
        [HostWork.Interrupt] = "taking interrupts",
        [HostWork.Device] = "devices",
        [HostWork.Firmware] = "OPAL calls",
        [HostWork.Reflection] = "ultravisor: reflection",
        [HostWork.PageIn] = "ultravisor: page-in",
        [HostWork.PageOut] = "ultravisor: page-out",
        [HostWork.PageCrypto] = "ultravisor: page crypto",
        [HostWork.UltraCall] = "ultravisor: other calls",
        [HostWork.Sampling] = "the profile itself",
    };

    private static readonly Dictionary<MachineWork, string> MachineNames = new()
    {
        [MachineWork.Turns] = "turns of processors",
        [MachineWork.Idle] = "idle",
        [MachineWork.Console] = "console input",
        [MachineWork.AtRest] = "saving and scans",
    };

    private readonly Dictionary<HostActivity, TimeSpan> times = [];

    /// <summary>.NET's own compiler, for methods that are called for the first time.</summary>
    public TimeSpan Compiling { get; set; }

    /// <summary>Pauses for the garbage collector.</summary>
    public TimeSpan Collecting { get; set; }

    /// <summary>Time in which the host compiled traces, on a thread of its own, beside all else.</summary>
    public TimeSpan CompilingBeside { get; set; }

    /// <summary>Hot code was translated in this run.</summary>
    public bool Translating { get; set; }

    /// <summary>Adds time.</summary>
    public void Add(HostActivity activity, TimeSpan time) => times[activity] = times.GetValueOrDefault(activity) + time;

    /// <summary>Writes all of it into a profile: what was done, below it for whom.</summary>
    public void AddTo(Profile profile)
    {
        var track = new ProfileTrack("host, milliseconds", ProfileTrack.Milliseconds);
        foreach ((HostActivity activity, TimeSpan time) in times.OrderBy(one => (one.Key.Work == HostWork.None, one.Key.Work, one.Key.Owner, one.Key.Beside)))
        {
            if (activity.Work == HostWork.None)
                Add(profile, track, MachineNames[activity.Beside], null, time);
            else
                Add(profile, track, NameOf(activity.Work), new ProfileFrame(activity.Owner.Name(), activity.Owner), time);
        }

        Add(profile, track, ".NET's compiler", null, Compiling);
        Add(profile, track, ".NET's garbage collector", null, Collecting);
        profile.Tracks.Add(track);
        if (CompilingBeside <= TimeSpan.Zero)
            return;
        var beside = new ProfileTrack("host, compiling of traces beside, milliseconds", ProfileTrack.Milliseconds);
        Add(profile, beside, "compiling traces (beside)", null, CompilingBeside);
        profile.Tracks.Add(beside);
    }

    // Translated code that does not say when it executes is not told from the interpreter.
    private string NameOf(HostWork work) =>
        work == HostWork.Interpreter && Translating && !times.Keys.Any(key => key.Work == HostWork.Translated) ? "interpreter and traces" : Names[work];

    private static void Add(Profile profile, ProfileTrack track, string name, ProfileFrame? below, TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return;
        int node = profile.Tree.Child(0, profile.Add(new ProfileFrame(name, CodeOwner.Host)));
        if (below is { } frame)
            node = profile.Tree.Child(node, profile.Add(frame));
        track.Add(node, time.TotalMilliseconds);
    }
}
