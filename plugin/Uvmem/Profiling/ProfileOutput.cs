using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>--profile.</summary>
internal sealed class ProfileOutput : IDisposable
{
    private const string Option = "--profile";

    private readonly Machine machine;
    private readonly GuestSampler guest;
    private HostSampler? host;
    private readonly string path;
    private readonly Stream file;

    private ProfileOutput(Machine machine, BootOptions options, MachineSymbols symbols, OutputFiles files)
    {
        this.machine = machine;
        path = options.Profile!;
        guest = new GuestSampler(machine, symbols, LayoutBeside(machine.Kernel), LayoutBeside(options.GuestSymbols), options.ProfileDistance);
        file = files.Create(Option, path);
    }

    /// <summary>Opens the file and begins to sample, if that is wanted.</summary>
    public static ProfileOutput? Of(Machine machine, BootOptions options, MachineSymbols symbols, OutputFiles files) =>
        options.Profile is null ? null : new ProfileOutput(machine, options, symbols, files);

    /// <summary>The run begins.</summary>
    public void Start()
    {
        if (machine.Translator is { } translator)
            translator.MarksWork = true;
        host = new HostSampler(machine, guest);
    }

    /// <summary>Writes the file and, for people, the sums.</summary>
    public void Write(TextWriter messages)
    {
        HostTimes times = host!.Finish();
        times.Translating = machine.Translator is not null;
        times.CompilingBeside = machine.Translator?.CompileTime ?? TimeSpan.Zero;
        var profile = new Profile();
        guest.AddTo(profile);
        times.AddTo(profile);
        messages.WriteLine(ProfileTable.Of(profile));
        ProfileForm.Of(path).Write(profile, Path.GetFileName(path).Split('.')[0], file);
    }

    public void Dispose()
    {
        host?.Dispose();
        guest.Dispose();
    }

    // The image build puts it there; tasks of other kernels are numbers.
    private static KernelLayout? LayoutBeside(string? file) =>
        Path.Combine(Path.GetDirectoryName(file) ?? "", "kernel-layout.txt") is var beside && file is not null && File.Exists(beside) ? KernelLayout.Read(Option, beside) : null;
}
