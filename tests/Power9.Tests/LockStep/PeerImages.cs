using System.Globalization;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>The kernel and root file system that QEMU boots: those of scripts/setup.sh.</summary>
internal sealed class PeerImages
{
    private readonly string directory = Path.Combine(Oracles.RepositoryRoot().FullName, "build", "images");

    public string Kernel => Path.Combine(directory, "vmlinux");

    public string Initrd => Path.Combine(directory, "host-initrd.cpio");

    /// <summary>Why a machine can't be booted here, or null.</summary>
    public string? Missing =>
        Oracles.Program("qemu-system-ppc64") is null ? "no qemu-system-ppc64 (Debian's package qemu-system-ppc)"
        : Oracles.Program("gcc") is null ? "no gcc: QEMU's clock could not be slowed down"
        : new[] { Kernel, Initrd, SystemMap }.Where(path => !File.Exists(path)).Select(path => $"no {path} (./scripts/setup.sh makes it)").FirstOrDefault();

    private string SystemMap => Path.Combine(directory, "System.map");

    /// <summary>Address of a function of the kernel.</summary>
    public ulong Address(string symbol)
    {
        foreach (string line in File.ReadLines(SystemMap))
        {
            string[] words = line.Split(' ');
            if (words.Length == 3 && words[2] == symbol)
                return ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException($"no {symbol} in {SystemMap}");
    }
}
