using NUnit.Framework;

namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>Where things are.</summary>
internal static class RenodePlaces
{
    /// <summary>Value of RENODE_DIR: the folder in which the program <c>renode</c> is. Null without one.</summary>
    public static string? RenodeFolder { get; } = Environment.GetEnvironmentVariable("RENODE_DIR") is { Length: > 0 } folder ? folder : null;

    /// <summary>The plugin as a package has it: DLLs, platform description, scripts. Made by the build of this project.</summary>
    public static string Plugin { get; } = Path.Combine(AppContext.BaseDirectory, "renode-uvmem");

    /// <summary>Loads the plugin's types.</summary>
    public static string Loader => Path.Combine(Plugin, "renode-uvmem.py");

    /// <summary>Platform description.</summary>
    public static string Platform => Path.Combine(Plugin, "power9-uv.repl");

    /// <summary>Script that makes the whole machine.</summary>
    public static string Script => Path.Combine(Plugin, "power9-uv.resc");

    /// <summary>What scripts/setup.sh has made: kernel and root file systems. Without it the tests that boot fail.</summary>
    public static string Images
    {
        get
        {
            string folder = Path.Combine(Repository, "build", "images");
            if (!File.Exists(Path.Combine(folder, "vmlinux")))
                Assert.Fail("build/images/vmlinux is missing: run ./scripts/setup.sh");
            return folder;
        }
    }

    /// <summary>The Robot suites.</summary>
    public static string Suites { get; } = Path.Combine(FindRepository(), "tests", "Robot");

    /// <summary>Top of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The program, as an installed Renode has it.</summary>
    public static string Program
    {
        get
        {
            string program = Path.Combine(RenodeFolder ?? throw new InvalidOperationException("mark the test with [RequiresRenode]"), "renode");
            if (!File.Exists(program))
                Assert.Fail($"RENODE_DIR is {RenodeFolder}, but there is no {program}");
            return program;
        }
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RenodeUvmem.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("the tests run from a folder below the repository");
    }
}
