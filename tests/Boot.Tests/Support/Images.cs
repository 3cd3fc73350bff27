using NUnit.Framework;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>What scripts/setup.sh has made. Without it the tests fail: a boot that is skipped proves nothing.</summary>
internal static class Images
{
    /// <summary>Top of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The one kernel of hypervisor and guest.</summary>
    public static string Kernel => Require("vmlinux");

    /// <summary>The hypervisor's root: QEMU, the guest's kernel and root in it.</summary>
    public static string Initrd => Require("host-initrd.cpio");

    /// <summary>Addresses of the kernel's symbols.</summary>
    public static string SystemMap => Require("System.map");

    /// <summary>Where things lie in the kernel's structures.</summary>
    public static string KernelLayout => Require("kernel-layout.txt");

    /// <summary>The programs by which speed is measured, for this host.</summary>
    public static string BenchHere => Require("bench-here");

    /// <summary>The guest's secret, firmware/README.md.</summary>
    public static byte[] Marker { get; } = Convert.FromHexString(File.ReadAllText(Path.Combine(Repository, "firmware", "marker.hex")).Trim());

    private static string Require(string name)
    {
        string path = Path.Combine(Repository, "build", "images", name);
        if (!File.Exists(path))
            Assert.Fail($"build/images/{name} is missing: run ./scripts/setup.sh");
        return path;
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
