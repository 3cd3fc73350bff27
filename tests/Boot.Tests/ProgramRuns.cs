using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Runs of the program that several tests look at.</summary>
internal static class ProgramRuns
{
    /// <summary>Texts of the secure story at which the second run saves the machine, and the files: the SVM is up; one of its pages is with the hypervisor; it shares one.</summary>
    public static readonly (string Text, string File)[] Saved =
    [
        ("LPID 1 went secure", "secure.uvm"),
        ("@checkpoint paged-out", "paged-out.uvm"),
        ("@checkpoint shared", "shared.uvm"),
    ];

    /// <summary>Name of the file in which the second run records what runs of the kernel.</summary>
    public const string CoverageFile = "kernel.cov";

    /// <summary>Name of the second run's profile.</summary>
    public const string ProfileFile = "secure-story.speedscope.json";

    /// <summary>The second run's page.</summary>
    public const string Report = "secure-story.html";

    private static readonly Lazy<ProgramRun[]> LazySecure = new(() => Task.WhenAll(
        Run("program-1", []),
        Run("program-2", ["--pauses", .. Reports("program-2"), "--coverage", $"{Folder("program-2")}/{CoverageFile}", .. Saved.SelectMany(one => new[] { "--save-on", $"{one.Text}={Folder("program-2")}/{one.File}" })])).Result);

    /// <summary>The secure story twice at the same time; the second run saves the machine on the way, is traced and recorded, notes what runs of the kernel, and measures the pauses of .NET.</summary>
    public static ProgramRun[] Secure => LazySecure.Value;

    /// <summary>Goes on from a saved machine.</summary>
    public static async Task<ProgramRun> Load(string name, string path, params string[] options) => new(
        await Program.Run(["boot", "--load", path, "--guest-symbols", Images.SystemMap, "--console", "file:" + Path.Combine(Folder(name), "console.txt"), "--log-ucalls=" + Path.Combine(Folder(name), "ucalls.txt"), .. options]),
        Folder(name));

    private static async Task<ProgramRun> Run(string name, string[] options) => new(
        await Program.Run(
        [
            "boot",
            "--kernel", Images.Kernel,
            "--initrd", Images.Initrd,
            "--append", "console=hvc0 random.trust_cpu=on uvmem.run=secure",
            "--ultravisor",
            "--secure-memory", "1G",
            "--scan", Convert.ToHexString(Images.Marker),
            "--guest-symbols", Images.SystemMap,
            "--console", "file:" + Path.Combine(Folder(name), "console.txt"),
            "--log-ucalls=" + Path.Combine(Folder(name), "ucalls.txt"),
            .. options,
        ]),
        Folder(name));

    private static string[] Reports(string name) =>
    [
        "--trace", Path.Combine(Folder(name), "trace.json"),
        "--events", Path.Combine(Folder(name), "run.events"),
        "--report", Path.Combine(Folder(name), Report),
        "--profile", Path.Combine(Folder(name), ProfileFile),
    ];

    private static string Folder(string name)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "boots", name);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
