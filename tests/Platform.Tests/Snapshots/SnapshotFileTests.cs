using System.Text;
using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Tests.Snapshots;

/// <summary>Machines in files: they go on as they would have without, and what is no good file is refused as a whole.</summary>
internal sealed class SnapshotFileTests
{
    private const long End = 1_700_000;

    private TemporaryFiles files = null!;

    [SetUp]
    public void MakeFiles() => files = new TemporaryFiles();

    [TearDown]
    public void RemoveFiles() => files.Dispose();

    /// <summary>The text appears in the middle of a processor's turn, and another one has had its own before or not.</summary>
    [Test]
    public void GoesOnInTheMiddleOfATurn([Values('$', '+', '1', 'A', 'R')] char at)
    {
        using SnapshotMachine plain = SnapshotMachine.Boot(files).Run(End);
        using SnapshotMachine saved = SnapshotMachine.Boot(files);
        string path = files.PathOf("machine");
        int before = 0;
        saved.Machine.ConsoleLines.OnText(at.ToString(), () => saved.Machine.AtRest(() =>
        {
            before = saved.Console.Output.Length;
            saved.Save(path);
        }));
        saved.Run(End);
        using SnapshotMachine loaded = SnapshotMachine.Load(path).Run(End);
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo(at - SnapshotMachine.FirstCharacter + 1), "all of the write that has the text, and nothing behind it");
            Assert.That(saved.Console.Output, Is.EqualTo(plain.Console.Output), "saving changes nothing");
            Assert.That(loaded.Console.Output, Is.EqualTo(plain.Console.Output[before..]).And.Not.Empty);
            Assert.That(loaded.Counted, Is.EqualTo(plain.Counted));
            Assert.That(loaded.State, Is.EqualTo(plain.State));
        });
    }

    /// <summary>A run that an instruction limit cut goes on in the same turn, saved or not.</summary>
    [Test]
    public void GoesOnAfterALimit([Values(1, 99_999, 100_000, 123_456, 1_000_001)] long limit)
    {
        using SnapshotMachine plain = SnapshotMachine.Boot(files).Run(End);
        using SnapshotMachine cut = SnapshotMachine.Boot(files).Run(limit);
        string path = files.PathOf("machine");
        cut.Save(path);
        using SnapshotMachine loaded = SnapshotMachine.Load(path);
        Assert.That(loaded.Machine.Instructions, Is.EqualTo(limit));
        loaded.Run(End);
        cut.Run(End);
        Assert.That(cut.State, Is.EqualTo(plain.State), "not saved");
        Assert.That(loaded.State, Is.EqualTo(plain.State), "saved and loaded");
    }

    [Test]
    public void MachineOfTheFileIsTheSame([Values] bool ultravisor)
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files, ultravisor).Run(500_000);
        string path = files.PathOf("machine");
        saved.Save(path);
        using SnapshotMachine loaded = SnapshotMachine.Load(path);
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Machine.Fingerprint, Is.EqualTo(saved.Machine.Fingerprint).And.Contains("256 MiB of memory").And.Contains("2 processors"));
            Assert.That(loaded.Machine.Ultravisor is not null, Is.EqualTo(ultravisor));
            Assert.That(loaded.Machine.Kernel, Is.EqualTo(files.PathOf("kernel")));
            Assert.That(loaded.State, Is.EqualTo(saved.State));
            foreach ((Power9.Memory.RamRange one, Power9.Memory.RamRange other) in saved.Machine.Memory.Ranges.Zip(loaded.Machine.Memory.Ranges))
                Assert.That(Same(one, other), Is.True, $"memory at 0x{one.Base:x}");
        });
    }

    [Test]
    public void InputThatWaitsAndLevelsComeAlong()
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files).Run(10_000);
        saved.Machine.Interrupts.SetRoute(MachineDescription.OpalInterrupt, 4, 5);
        saved.Machine.Interrupts.SetPriority(4, 0xFF);
        saved.Machine.Console.Type("hello"u8);
        string path = files.PathOf("machine");
        saved.Save(path);
        using SnapshotMachine loaded = SnapshotMachine.Load(path);
        Assert.That(Encoding.ASCII.GetString(loaded.Machine.Console.Take(100)), Is.EqualTo("hello"));
        Assert.That(loaded.Machine.All[1].Cpu.Pending, Is.EqualTo(PendingInterrupt.HypervisorVirtualization));
        Assert.That(loaded.Machine.Interrupts.Accept(4, peek: false), Is.EqualTo((0xFFu << 24) | MachineDescription.OpalInterrupt));
        Assert.That(loaded.Machine.All[1].Cpu.Pending, Is.EqualTo(PendingInterrupt.None), "the line goes on to follow the controller");
    }

    /// <summary>A step's text may have begun before; a step that was taken is not taken again.</summary>
    [Test]
    public void ScriptGoesOnWhereItWas()
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files);
        saved.Machine.Script.Add("#", "first");
        saved.Machine.Script.Add("()*+,", "second");
        saved.Machine.ConsoleLines.OnText("*", () => saved.Machine.AtRest(() => saved.Save(files.PathOf("machine"))));
        saved.Run(600_000);
        using SnapshotMachine loaded = SnapshotMachine.Load(files.PathOf("machine"));
        Assert.That(Encoding.ASCII.GetString(loaded.Machine.Console.Take(100)), Is.EqualTo("first"));
        loaded.Run(600_000);
        Assert.That(Encoding.ASCII.GetString(loaded.Machine.Console.Take(100)), Is.EqualTo("second"));
    }

    [Test]
    public void UnusedMemoryCostsNothing()
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files).Run(100_000);
        string path = files.PathOf("machine");
        saved.Save(path);
        Assert.That(new FileInfo(path).Length, Is.LessThan(1 << 20), "272 MiB of memory, nearly all of it zero");
    }

    [Test]
    public void ExtraPartsComeAlong()
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files);
        string path = files.PathOf("machine");
        saved.Save(path, new Note { Text = "of the host" });
        var note = new Note();
        SnapshotMachine.Load(path, note).Dispose();
        Assert.That(note.Text, Is.EqualTo("of the host"));
        SnapshotMachine.Load(path).Dispose();
        saved.Save(path);
        var other = new Note { Text = "as it was" };
        SnapshotMachine.Load(path, other).Dispose();
        Assert.That(other.Text, Is.EqualTo("as it was"));
    }

    [Test]
    public void CutFilesAreRefused()
    {
        byte[] whole = Whole();
        foreach (int length in (int[])[0, 1, 7, 8, 12, 19, 20, 100, whole.Length / 2, whole.Length - 33, whole.Length - 32, whole.Length - 1])
            Refused(whole[..length], "--load: ", length < 8 ? "no snapshot" : "cut off");
        Refused([.. whole, 0], "--load: ", "checksum");
    }

    [Test]
    public void DamagedFilesAreRefused()
    {
        byte[] whole = Whole();
        for (int place = 0; place < whole.Length; place += 1 + (whole.Length / 200))
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 0x10;
            Refused(damaged, "--load: ", place < 8 ? "no snapshot" : place < 12 ? "format" : "checksum");
        }
    }

    [TestCase("a kernel")]
    [TestCase("")]
    public void OtherFilesAreRefused(string text) => Refused(Encoding.ASCII.GetBytes(text), "--load: ", "this is no snapshot of a machine");

    /// <summary>A state alone, as other hosts keep it, is no machine.</summary>
    [Test]
    public void StateAloneIsRefused()
    {
        using SnapshotMachine machine = SnapshotMachine.Boot(files);
        Refused(machine.State, "--load: ", "this is no snapshot of a machine");
    }

    [Test]
    public void MissingFileAndFolderAreRefused()
    {
        Assert.That(() => SnapshotMachine.Load("/nonexistent/m"), Throws.TypeOf<OptionException>().With.Message.EqualTo("--load: no file /nonexistent/m"));
        Assert.That(() => SnapshotMachine.Load("/"), Throws.TypeOf<OptionException>().With.Message.EqualTo("--load: / is a directory, expected a file"));
    }

    /// <summary>A file that can't be completed leaves the old one as it was and nothing beside it.</summary>
    [Test]
    public void FailedWriteLeavesTheOldFile()
    {
        using SnapshotMachine saved = SnapshotMachine.Boot(files);
        string path = files.Write("machine", [1, 2, 3]);
        Assert.That(() => saved.Save(path, new Full()), Throws.TypeOf<IOException>());
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Directory.CreateDirectory(path + ".tmp");
        Assert.That(() => saved.Save(path), Throws.InstanceOf<UnauthorizedAccessException>());
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Directory.GetFiles(files.Folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "kernel", "machine" }));
    }

    private byte[] Whole()
    {
        using SnapshotMachine machine = SnapshotMachine.Boot(files).Run(50_000);
        string path = files.PathOf("machine");
        machine.Save(path);
        return File.ReadAllBytes(path);
    }

    private void Refused(byte[] bytes, string option, string reason) => Assert.That(
        () => SnapshotMachine.Load(files.Write("bad", bytes)),
        Throws.TypeOf<OptionException>().With.Message.StartsWith(option).And.Message.Contains(reason).And.Message.Not.Contains("\n"));

    private static unsafe bool Same(Power9.Memory.RamRange one, Power9.Memory.RamRange other) =>
        one.Base == other.Base && one.Secure == other.Secure
        && new ReadOnlySpan<byte>(one.Host, (int)one.Size).SequenceEqual(new ReadOnlySpan<byte>(other.Host, (int)other.Size));

    private sealed class Note : ISnapshotted
    {
        public string? Text { get; set; }

        public void Save(SnapshotWriter writer) => writer.Write(Text);

        public void Load(SnapshotReader reader) => Text = reader.ReadText();
    }

    private sealed class Full : ISnapshotted
    {
        public void Save(SnapshotWriter writer) => throw new IOException("no space left");

        public void Load(SnapshotReader reader)
        {
        }
    }
}
