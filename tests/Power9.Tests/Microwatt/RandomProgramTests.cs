using System.Globalization;
using System.Runtime.InteropServices;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.InstructionRecord;

namespace RenodeUvmem.Power9.Tests.Microwatt;

/// <summary>
/// Random programs of the microwatt project with recorded end states: about 5,000 integer, CR, XER, storage and reservation instructions
/// each, in little-endian 64-bit real mode. A program ends with a trap, whose vector holds attn, again little-endian.
/// </summary>
[TestFixture]
[Oracle("microwatt")]
public sealed unsafe class RandomProgramTests
{
    private const string Archive = "microwatt-random-odd.tar.xz";
    private const int RamSize = 128 * 1024;
    private const int Programs = 500;
    private const long InstructionLimit = 20_000;

    private string directory = "";

    [OneTimeSetUp]
    public void Unpack()
    {
        if (Oracles.SharedFile(Archive) is not { } archive)
        {
            // Not in any package: who has only the repository can't get it.
            Assert.Ignore($"shared/oracles/{Archive} is not beside the repository");
            return;
        }

        directory = Directory.CreateTempSubdirectory("uvmem-microwatt").FullName;
        Oracles.Run("tar", "-xJf", archive, "-C", directory);
    }

    [OneTimeTearDown]
    public void RemoveFiles()
    {
        if (directory.Length > 0)
            Directory.Delete(directory, recursive: true);
    }

    [Test]
    public void Every_program_ends_in_its_recorded_state()
    {
        string[] images = Directory.GetFiles(directory, "*.bin", SearchOption.AllDirectories);
        Assert.That(images, Has.Length.EqualTo(Programs));
        var failures = new List<string>();
        foreach (string image in images.Order(StringComparer.Ordinal))
            failures.AddRange(Check(image));
        Assert.That(failures, Is.Empty, string.Join('\n', failures.Take(50)));
    }

    private static List<string> Check(string image)
    {
        using var memory = new PhysicalMemory();
        RamRange ram = memory.AddRam(0, RamSize, secure: false);
        byte[] bytes = File.ReadAllBytes(image);
        Marshal.Copy(bytes, 0, (nint)ram.Host, Math.Min(bytes.Length, RamSize));
        using var cpu = new Cpu(memory, 0);
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        cpu.State->Spr[SprNumber.HID] = Hid0.HILE | Hid0.EnableAttention;
        cpu.State->Nia = 0;
        cpu.Execute(InstructionLimit);

        var failures = new List<string>();
        string name = Path.GetFileNameWithoutExtension(image);
        if (cpu.StopReason is null || !cpu.StopReason.Contains("attn", StringComparison.Ordinal))
            failures.Add($"{name}: did not end with attn: {cpu.StopReason ?? "still running"}");
        foreach (string line in File.ReadLines(Path.ChangeExtension(image, ".out")))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2)
                continue; // GPR31 has no recorded value
            ulong expected = ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ulong actual = Register(cpu.State, parts[0]);
            if (actual != expected)
                failures.Add($"{name}: {parts[0]} is {actual:X16}, recorded {expected:X16}");
        }

        return failures;
    }

    private static ulong Register(CpuState* s, string name) => name switch
    {
        "CR" => s->CrWord,
        "LR" => s->Spr[SprNumber.LR],
        "CTR" => s->Spr[SprNumber.CTR],
        "XER" => s->Xer,
        _ => s->Gpr[int.Parse(name.AsSpan(3), CultureInfo.InvariantCulture)],
    };
}
