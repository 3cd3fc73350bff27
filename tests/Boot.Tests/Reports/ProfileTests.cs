using System.Text.Json;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Boot.Tests.Reports;

/// <summary>The secure story's profile against what is known of the story and of the kernel's source. That the run is the same with it, ProgramTests say.</summary>
public class ProfileTests
{
    private readonly ProgramRun run = ProgramRuns.Secure[1];
    private readonly string[] frames;
    private readonly (int[] Stack, double Weight)[] instructions;
    private readonly double hostMilliseconds;

    public ProfileTests()
    {
        using JsonDocument file = JsonDocument.Parse(run.Read(ProgramRuns.ProfileFile));
        frames = [.. file.RootElement.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("name").GetString()!)];
        JsonElement[] tracks = [.. file.RootElement.GetProperty("profiles").EnumerateArray()];
        instructions = [.. Samples(tracks[0])];
        hostMilliseconds = Samples(tracks[1]).Sum(sample => sample.Weight);
    }

    [Test]
    public void CountsAllInstructions() =>
        Assert.That(instructions.Sum(sample => sample.Weight), Is.EqualTo(run.Program.Number("instructions")).Within(GuestSampler.DefaultDistance));

    [Test]
    public void HostTimeIsTheRuns()
    {
        // The table of the summary has "host CPU time  4.05 s", of all threads.
        string line = run.Program.Messages.Split('\n').Single(text => text.Contains("host CPU time", StringComparison.Ordinal));
        double all = double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], System.Globalization.CultureInfo.InvariantCulture) * 1000;
        Assert.That(hostMilliseconds, Is.InRange(all * 0.7, all * 1.1));
    }

    [Test]
    [Platform(Include = "Linux")]
    public void TranslatedCodeIsToldFromTheInterpreter() => Assert.That(frames, Does.Contain("interpreter").And.Contain("translated code").And.Not.Contain("interpreter and traces"));

    /// <summary>firmware/: which programs run where.</summary>
    [TestCase("svmhost", "hypervisor")]
    [TestCase("qemu-system-ppc", "hypervisor")]
    [TestCase("svmdemo", "SVM 1")]
    public void TasksAreInTheirWorld(string task, string world) =>
        Assert.That(Stacks(task).Select(stack => stack[0]).Distinct(), Is.EqualTo(new[] { world }));

    /// <summary>QEMU is linked with shared libraries, the programs of firmware/ statically.</summary>
    [TestCase("qemu-system-ppc", "qemu-system-ppc64")]
    [TestCase("qemu-system-ppc", "libc.so.6")]
    [TestCase("svmhost", "svmhost")]
    [TestCase("svmdemo", "svmdemo")]
    public void ProcessesAreInTheirFiles(string task, string file) =>
        Assert.That(Stacks(task).Where(stack => stack[1] == task && stack.Length > 3).Select(stack => stack[2]), Does.Contain(file));

    [Test]
    public void StaticProgramsAreInNoOtherFile() =>
        Assert.That(Stacks("svmhost").Where(stack => stack[1] == "svmhost" && stack[^1].Contains(" at 0x", StringComparison.Ordinal)).Select(stack => stack[2]).Distinct(), Is.EqualTo(new[] { "svmhost" }));

    /// <summary>init/initramfs.c, arch/powerpc/kvm/powerpc.c and book3s.c, virt/kvm/kvm_main.c. A function that has just dropped its frame has lost its caller: that is a sample in a hundred.</summary>
    [TestCase("do_populate_rootfs", "unpack_to_rootfs")]
    [TestCase("kvm_vcpu_ioctl", "kvm_arch_vcpu_ioctl_run")]
    [TestCase("kvm_arch_vcpu_ioctl_run", "kvmppc_vcpu_run")]
    [TestCase("kvmppc_vcpu_run", "kvmppc_vcpu_run_hv")]
    public void CallersStandAboveWhatTheyCall(string caller, string function)
    {
        string[] callers = [.. Stacks(function).Select(stack => stack[Array.IndexOf(stack, function) - 1])];
        Assert.That(callers, Has.Length.GreaterThan(100));
        Assert.That(callers.Count(name => name == caller), Is.GreaterThan(callers.Length * 0.95));
    }

    /// <summary>The boot of both kernels (init/main.c).</summary>
    [TestCase("hypervisor")]
    [TestCase("SVM 1")]
    public void KernelsBoot(string world) => Assert.That(Stacks("start_kernel").Select(stack => stack[0]), Does.Contain(world));

    private IEnumerable<string[]> Stacks(string frame) =>
        instructions.Select(sample => Array.ConvertAll(sample.Stack, number => frames[number])).Where(stack => stack.Contains(frame));

    private static IEnumerable<(int[] Stack, double Weight)> Samples(JsonElement track) =>
        track.GetProperty("samples").EnumerateArray()
            .Zip(track.GetProperty("weights").EnumerateArray(), (stack, weight) => (stack.EnumerateArray().Select(frame => frame.GetInt32()).ToArray(), weight.GetDouble()));
}
