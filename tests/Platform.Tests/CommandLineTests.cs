using NUnit.Framework;
using RenodeUvmem.Uvmem;

namespace RenodeUvmem.Platform.Tests;

/// <summary>The program as a user calls it: exit codes and what is printed.</summary>
[NonParallelizable]
internal sealed class CommandLineTests
{
    private const uint Forever = 0x48000000;

    private TemporaryFiles files = null!;

    private string Kernel => files.Write("vmlinux", ElfBuilder.OfWords(Forever).Build());

    [SetUp]
    public void MakeFiles() => files = new TemporaryFiles();

    [TearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void HelpNamesEveryOption()
    {
        (int code, string output, _) = Run("--help");
        Assert.That(code, Is.Zero);
        foreach (string option in new[] { "--kernel", "--initrd", "--append", "--memory", "--secure-memory", "--cpus", "--ultravisor", "--interrupts", "--console", "--interactive", "--stop-on", "--save-on", "--load", "--max-instructions", "--scan", "--log-ucalls", "--trace", "--coverage", "--debug-info", "--uv-rule", "--break", "--symbols", "--guest-symbols" })
            Assert.That(output, Does.Contain(option));
    }

    [TestCase("fly", "fly: no such command, expected boot, coverage, profile, report, explain, disasm or isa")]
    [TestCase("boot", "--kernel: expected")]
    [TestCase("boot --kernal x", "--kernal: no such option, did you mean --kernel?")]
    [TestCase("boot vmlinux", "vmlinux: expected an option")]
    [TestCase("boot --kernel", "--kernel: expected FILE to follow")]
    [TestCase("boot --kernel /nonexistent/vmlinux", "--kernel: no file /nonexistent/vmlinux")]
    [TestCase("boot --kernel /", "--kernel: / is a directory")]
    [TestCase("boot --kernel K --memory lots", "--memory: 'lots' is no size")]
    [TestCase("boot --kernel K --memory 100M", "--memory: 100 MiB is not possible, expected a multiple of 16 MiB")]
    [TestCase("boot --kernel K --ultravisor --secure-memory 100M", "--secure-memory: 100 MiB is not possible, expected a multiple of 16 MiB")]
    [TestCase("boot --kernel K --secure-memory 1G", "--secure-memory: has no meaning without --ultravisor")]
    [TestCase("boot --kernel K --trace t.json", "--trace: has no meaning without --ultravisor")]
    [TestCase("boot --kernel K --translate maybe", "--translate: 'maybe' is none of on, off, check")]
    [TestCase("boot --kernel K --cpus many", "--cpus: 'many' is no number")]
    [TestCase("boot --kernel K --cpus 99", "--cpus: 99 is not possible, expected 1 to")]
    [TestCase("boot --kernel K --ultravisor=yes", "--ultravisor: takes no value")]
    [TestCase("boot --kernel K --interrupts mpic", "--interrupts: 'mpic' is no interrupt controller, expected xive or xics")]
    [TestCase("boot --load M --interrupts xics", "--interrupts: the machine of --load has its own; leave this out")]
    [TestCase("boot --kernel K --console vt100", "--console: 'vt100' is not known, expected stdio, file:PATH or tcp:PORT")]
    [TestCase("boot --kernel K --console tcp:99999", "--console: 'tcp:99999' is not known")]
    [TestCase("boot --kernel K --console file:/nonexistent/x", "--console: can't write /nonexistent/x")]
    [TestCase("boot --kernel K --interactive --console file:x", "--interactive: needs --console stdio")]
    [TestCase("boot --kernel K --max-instructions -5", "--max-instructions: '-5' is no number")]
    [TestCase("boot --kernel K --scan xyz", "--scan: 'xyz' is no pattern")]
    [TestCase("boot --kernel K --scan 00", "--scan: '00' is no pattern, expected at least 4 bytes")]
    [TestCase("boot --kernel K --type x", "--type: expected --after before it")]
    [TestCase("boot --kernel K --after x", "--after: expected --type to follow")]
    [TestCase("boot --kernel K --symbols K", "--symbols:")]
    [TestCase("boot --load /nonexistent/machine", "--load: no file /nonexistent/machine")]
    [TestCase("boot --load /", "--load: / is a directory, expected a file")]
    [TestCase("boot --load K", "--load: K: this is no snapshot of a machine")]
    [TestCase("boot --load M --kernel K", "--kernel: the machine of --load has its own; leave this out")]
    [TestCase("boot --memory=1G --load M", "--memory: the machine of --load has its own; leave this out")]
    [TestCase("boot --kernel K --cpus 4 --parallel=0", "--parallel: expected at least 1 host thread")]
    [TestCase("boot --kernel K --ultravisor --parallel --trace T", "--trace: needs processors that take turns; leave out --parallel or this")]
    [TestCase("boot --load M --cpus 2", "--cpus: the machine of --load has its own; leave this out")]
    [TestCase("boot --load M --ultravisor", "--ultravisor: the machine of --load has its own; leave this out")]
    [TestCase("boot --load M --log-ucalls", "--log-ucalls: has no meaning, the saved machine has no ultravisor; leave this out")]
    [TestCase("boot --kernel K --save-on prompt", "--save-on: 'prompt' is not of the form TEXT=FILE")]
    [TestCase("boot --kernel K --save-on =file", "--save-on: '=file' is not of the form TEXT=FILE")]
    [TestCase("boot --kernel K --save-on prompt=", "--save-on: 'prompt=' is not of the form TEXT=FILE")]
    [TestCase("boot --kernel K --save-on prompt=/nonexistent/m", "--save-on: can't write /nonexistent/m")]
    [TestCase("boot --kernel K --save-on prompt=/", "--save-on: / is a directory, expected a file")]
    [TestCase("boot --kernel K --ultravisor --guest-symbols K", "--guest-symbols:")]
    [TestCase("boot --kernel K --guest-symbols K", "--guest-symbols: has no meaning without --ultravisor")]
    [TestCase("boot --kernel K --break UV_SHARE_PAGE", "--break: has no meaning without --ultravisor")]
    [TestCase("boot --kernel K --ultravisor --break UV_SHARE", "--break: \"UV_SHARE\" is no ultracall or hypercall, did you mean UV_SHARE_PAGE?")]
    [TestCase("boot --kernel K --ultravisor --uv-rule UV_SHARE_PAGE", "--uv-rule: rule \"UV_SHARE_PAGE\": expected either return=CODE or hcall=NAME")]
    [TestCase("boot --kernel K --coverage /nonexistent/c", "--coverage: K: no section with code, expected a vmlinux with its section headers")]
    [TestCase("coverage", "coverage: expected files that uvmem boot --coverage wrote, before all options")]
    [TestCase("coverage K", "--debug-info: expected, with the kernel built with -g")]
    [TestCase("coverage K --debug-info K", "coverage: K: this is no coverage file of uvmem boot --coverage")]
    [TestCase("coverage /nonexistent/c --merge x", "coverage: no file /nonexistent/c")]
    [TestCase("coverage K --fast", "--fast: no such option")]
    [TestCase("boot --kernel K --initrd /dev/null", "--initrd: /dev/null: the file is empty")]
    public void BadInputIsOneLineAndExitCode2(string line, string message)
    {
        string kernel = Kernel;
        string machine = line.Contains(" M", StringComparison.Ordinal) ? Saved("!", ultravisor: false) : "";
        (int code, string output, string errors) = Run([.. line.Split(' ').Select(word => word == "K" ? kernel : word == "M" ? machine : word)]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(errors, Does.StartWith("uvmem: " + message.Replace("K:", kernel + ":", StringComparison.Ordinal)));
            Assert.That(errors.TrimEnd('\n'), Does.Not.Contain("\n"));
        });
    }

    [Test]
    public void NothingIsLeftBehindWhenAnOutputCannotBeWritten()
    {
        string first = files.PathOf("console.txt");
        (int code, _, string errors) = Run("boot", "--kernel", Kernel, "--ultravisor", "--console", "file:" + first, "--trace", "/nonexistent/trace.json", "--max-instructions", "1");
        Assert.That(code, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("uvmem: --trace: can't write /nonexistent/trace.json"));
        Assert.That(File.Exists(first), Is.False);
    }

    [Test]
    public void ExistingOutputIsKeptWhenTheKernelIsBad()
    {
        string existing = files.Write("console.txt", [1, 2, 3]);
        (int code, _, _) = Run("boot", "--kernel", "/nonexistent/vmlinux", "--console", "file:" + existing);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(File.ReadAllBytes(existing), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void InstructionLimitIsExitCode1AndSaysWhereItStands()
    {
        (int code, _, string errors) = Run("boot", "--kernel", Kernel, "--memory", "256M", "--max-instructions", "2M");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("stopped by --max-instructions").And.Contain("2,000,000").And.Contain("CPU 0x0  NIA 0000000000000000"));
    }

    [Test]
    public void WildGuestIsExitCode3WithARegisterReport()
    {
        string kernel = files.Write("vmlinux", ElfBuilder.OfWords(0x48010000).Build());
        string map = files.Write("System.map", "0000000000000000 T _stext\n0000000000000e40 T h_instr\n"u8.ToArray());
        (int code, _, string errors) = Run("boot", "--kernel", kernel, "--symbols", map, "--memory", "256M", "--max-instructions", "100M");
        Assert.That(code, Is.EqualTo(3));
        Assert.That(errors, Does.Contain("the guest went wild").And.Contain("GPR00").And.Contain("Call trace:").And.Contain("h_instr"));
        Assert.That(errors, Does.Not.Contain("   at "), "no .NET stack trace");
    }

    [Test]
    public void BreakIsExitCode1WithRegistersAndTheFunctionThatAsked()
    {
        // li r3,0; ori r3,r3,0xf124 (UV_UNREGISTER_MEM_SLOT); li r4,7; li r5,2; sc 2; b .
        string kernel = files.Write("vmlinux", ElfBuilder.OfWords(0x38600000, 0x6063F124, 0x38800007, 0x38A00002, 0x44000042, 0x48000000).Build());
        string map = files.Write("System.map", "c000000000000000 T _stext\nc00000000000000c T forget_slot\n"u8.ToArray());
        (int code, _, string errors) = Run(
            "boot", "--kernel", kernel, "--symbols", map, "--memory", "256M", "--ultravisor", "--secure-memory", "16M", "--break", "UV_UNREGISTER_MEM_SLOT", "--max-instructions", "100K");
        Assert.That(code, Is.EqualTo(1), errors);
        Assert.That(errors, Does.Contain("stopped by --break: [           4] cpu0 break: hypervisor at forget_slot+0x4: UV_UNREGISTER_MEM_SLOT(lpid=0x7, slot=2) for partition 7"));
        Assert.That(errors, Does.Contain("CPU 0x0  NIA 0000000000000010 ").And.Contain("=>0000000000000010 44000042"));
        Assert.That(errors, Does.Contain("GPR00 0000000000000000").And.Contain("000000000000f124"));
    }

    /// <summary>A device can't be emptied, and need not be.</summary>
    [Test]
    public void ConsoleMayBeADevice()
    {
        (int code, _, string errors) = Run("boot", "--kernel", Kernel, "--memory", "256M", "--console", "file:/dev/null", "--max-instructions", "1");
        Assert.That(code, Is.EqualTo(1), errors);
        Assert.That(errors, Does.Contain("stopped by --max-instructions"));
    }

    [Test]
    public void SavedMachineGoesOn()
    {
        string path = Saved("3", ultravisor: true);
        (int code, string output, string errors) = Run("boot", "--load", path, "--stop-on", ":", "--console", "file:" + files.PathOf("rest"));
        Assert.That(code, Is.Zero, errors);
        Assert.That(errors, Does.Contain("stopped: ':' appeared on the console").And.Contain("of these after loading"));
        Assert.That(File.ReadAllText(files.PathOf("rest")), Is.EqualTo("456789:"));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public void TextThatDoesNotAppearIsSaidAndCounts()
    {
        string path = files.PathOf("machine");
        using Snapshots.SnapshotMachine kernel = Snapshots.SnapshotMachine.Boot(files);
        (int code, _, string errors) = Run("boot", "--kernel", kernel.Machine.Kernel, "--memory", "256M", "--cpus", "2", "--console", "file:/dev/null", "--save-on", "never=" + path, "--stop-on", "#");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Contain($"uvmem: warning: --save-on: 'never' did not appear on the console, {path} was not written"));
        Assert.That(File.Exists(path), Is.False);
    }

    /// <summary>Nothing more appears on the console of a machine that was saved at its prompt, so what is typed need not wait for anything.</summary>
    [Test]
    public void TypesAtOnceIntoASavedMachine()
    {
        string path = Saved("#", ultravisor: true);
        string again = files.PathOf("again");
        (int code, _, string errors) = Run("boot", "--load", path, "--type", "ls\\n", "--console", "file:/dev/null", "--save-on", "%=" + again, "--stop-on", "%");
        Assert.That(code, Is.Zero, errors);
        using Snapshots.SnapshotMachine loaded = Snapshots.SnapshotMachine.Load(again);
        Assert.That(System.Text.Encoding.ASCII.GetString(loaded.Machine.Console.Take(10)), Is.EqualTo("ls\r"));
    }

    [Test]
    public void KernelsAreDisassembled()
    {
        // Encodings and text as GNU objdump -d prints them.
        string kernel = files.Write("vmlinux", ElfBuilder.OfWords(0x38600005, 0x4E800020).Build());
        (int code, string output, string errors) = Run("disasm", "--kernel", BigEndian(kernel), "--count", "2");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain("c000000000000000 38600005").And.Contain("c000000000000004 4e800020").And.Contain("lr"));
    }

    [TestCase("disasm --kernel K --at nowhere", "--at: 'nowhere' is neither a symbol")]
    [TestCase("disasm --kernel K --at 1234", "--at: the file has no instruction at 0x1234")]
    [TestCase("disasm --kernel K --count 0", "--count: '0' is no number")]
    [TestCase("isa --coverage nowhere.txt", "nowhere.txt: Could not find file")]
    [TestCase("boot --kernel K --profile /nonexistent/p", "--profile: can't write /nonexistent/p")]
    [TestCase("boot --kernel K --profile p --profile-distance 99", "--profile-distance: expected at least 100 instructions")]
    [TestCase("boot --kernel K --cpus 4 --parallel --profile p", "--profile: needs processors that take turns; leave out --parallel or this")]
    [TestCase("profile", "profile: expected one file that uvmem boot --profile wrote, or two")]
    [TestCase("profile K", "K: can't be read as a profile for speedscope")]
    [TestCase("profile K K -o x", "-o: takes one profile, not two")]
    [TestCase("profile /nonexistent/p", "/nonexistent/p: can't be read")]
    [TestCase("isa frobnicate", "frobnicate: no instruction has this in its name")]
    public void ExtrasRefuseBadInput(string line, string message) => BadInputIsOneLineAndExitCode2(line, message);

    [Test]
    public void InstructionsAreListed()
    {
        (int code, string output, _) = Run("isa", "urfid");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("urfid").And.Contain("4c000264"));
    }

    [Test]
    public void EveryInstructionIsImplementedAndHasATest()
    {
        (int code, string output, _) = Run("isa", "--coverage");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("POWER9 instructions implemented").And.Contain("(100.0 %)"));
    }

    [Test]
    public void AGapOfCoverageIsNamedAndExitCode1()
    {
        string record = files.PathOf("record");
        File.WriteAllText(record, "addi\tSomeTests.Some\tqemu-user\n");
        (int code, string output, _) = Run("isa", "--coverage", record);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("that a test runs: 1 of ").And.Contain("\nno test: ").And.Contain(" vpermr "));
    }

    // A machine that was saved when a text appeared on its console.
    private string Saved(string at, bool ultravisor)
    {
        string path = files.PathOf("machine");
        using Snapshots.SnapshotMachine machine = Snapshots.SnapshotMachine.Boot(files, ultravisor);
        machine.Machine.ConsoleLines.OnText(at, () => machine.Machine.AtRest(() =>
        {
            machine.Save(path, new Ultravisor.Events.PageCensus(null));
            machine.Machine.Stop(new RunResult(RunEnd.TextFound, "", null));
        }));
        machine.Run(long.MaxValue);
        return path;
    }

    // The builder's code is big-endian; a file that says so is disassembled as such.
    private string BigEndian(string kernel) => files.Write("big", new ElfBuilder { LittleEndian = false, Code = File.ReadAllBytes(kernel)[120..] }.Build());

    private static (int Code, string Output, string Errors) Run(params string[] words)
    {
        TextWriter output = System.Console.Out;
        TextWriter errors = System.Console.Error;
        using var newOutput = new StringWriter();
        using var newErrors = new StringWriter();
        System.Console.SetOut(newOutput);
        System.Console.SetError(newErrors);
        try
        {
            return (CommandLine.Run(words), newOutput.ToString(), newErrors.ToString());
        }
        finally
        {
            System.Console.SetOut(output);
            System.Console.SetError(errors);
        }
    }
}
