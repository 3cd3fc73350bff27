using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Checking;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Tests.Snapshots;

/// <summary>
/// A machine of two processors with a kernel of a few instructions. Both count in one doubleword without any care for each other, so its value shows how
/// they took turns; the first one writes a character each so many rounds, the next in code each time.
/// </summary>
internal sealed class SnapshotMachine : IDisposable
{
    /// <summary>The first character that is written.</summary>
    public const char FirstCharacter = '!';

    /// <summary>Where its data are, a counter and a text: beside the code, in the same page.</summary>
    public const int Data = 0x800;

    /// <summary>In a page of their own, so that stores leave decoded code alone.</summary>
    public const int DataApart = 0x1800;

    // Encodings as GNU as makes them.
    private static uint[] First(uint data) =>
    [
        0x38000029, // li r0,41: OPAL_START_CPU
        0x38600004, // li r3,4
        0x38800200, // li r4,0x200
        0x7D2903A6, // mtctr r9
        0x4E800421, // bctrl
        0xE8A00000 | data, // ld r5,data(0)
        0x38A50001, // addi r5,r5,1
        0xF8A00000 | data, // std r5,data(0)
        0x38C60001, // addi r6,r6,1
        0x70C707FF, // andi. r7,r6,0x7ff
        0x4082FFEC, // bne 0x14
        0x89000018 | data, // lbz r8,data+0x18(0)
        0x39080001, // addi r8,r8,1
        0x99000018 | data, // stb r8,data+0x18(0)
        0x38000001, // li r0,1: OPAL_CONSOLE_WRITE
        0x38600000, // li r3,0
        0x38800010 | data, // li r4,data+0x10
        0x38A00018 | data, // li r5,data+0x18
        0x7D2903A6, // mtctr r9
        0x4E800421, // bctrl
        0x4BFFFFC4, // b 0x14
    ];

    private static uint[] Second(uint data) =>
    [
        0xE8A00000 | data, // ld r5,data(0)
        0x38A50003, // addi r5,r5,3
        0xF8A00000 | data, // std r5,data(0)
        0x4BFFFFF4, // b 0x200
    ];

    private SnapshotMachine(Machine machine, FakeConsole console)
    {
        Machine = machine;
        Console = console;
    }

    public Machine Machine { get; }

    public FakeConsole Console { get; }

    /// <summary>What the processors have counted.</summary>
    public ulong Counted
    {
        get
        {
            Span<byte> bytes = stackalloc byte[8];
            Machine.Memory.CopyOut(Data, bytes);
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }
    }

    /// <summary>The state as bytes.</summary>
    public byte[] State
    {
        get
        {
            var writer = new SnapshotWriter("");
            Machine.SaveAll(writer);
            return writer.ToArray();
        }
    }

    /// <summary>A machine at power-on.</summary>
    public static SnapshotMachine Boot(TemporaryFiles files, bool ultravisor = true, int data = Data)
    {
        var console = new FakeConsole();
        return new SnapshotMachine(Boot(files, console, new FakeLog(), ultravisor, data), console);
    }

    /// <summary>The machine that interprets, of a check.</summary>
    public static SnapshotMachine Boot(TemporaryFiles files, CheckedHost host, FakeConsole console) => new(Boot(files, host.Console, host.Log, data: DataApart), console);

    /// <summary>A machine at power-on.</summary>
    public static Machine Boot(TemporaryFiles files, IConsole console, IMachineLog log, bool ultravisor = true, int data = Data)
    {
        var words = new uint[(data + 0x20) / 4];
        First((uint)data).CopyTo(words, 0);
        Second((uint)data).CopyTo(words, 0x200 / 4);
        words[(data + 0x14) / 4] = 1;
        words[(data + 0x18) / 4] = (uint)(FirstCharacter - 1) << 24;
        var options = new MachineOptions
        {
            Kernel = files.Write("kernel", ElfBuilder.OfWords(words).Build()),
            Memory = 256 * ByteSize.MiB,
            SecureMemory = ultravisor ? 16 * ByteSize.MiB : 0,
            Ultravisor = ultravisor,
            Processors = 2,
        };
        return new Machine(options, console, log);
    }

    /// <summary>A machine from a file.</summary>
    public static SnapshotMachine Load(string path, params ISnapshotted[] extras)
    {
        var console = new FakeConsole();
        return new SnapshotMachine(Platform.Snapshots.SnapshotFile.Read("--load", path, console, new FakeLog(), extras), console);
    }

    /// <summary>A machine that begins where another was kept.</summary>
    public static SnapshotMachine Begin(Platform.Snapshots.MachineImage image, Func<Ultravisor.UltravisorOptions, Ultravisor.UltravisorOptions>? change = null)
    {
        var console = new FakeConsole();
        return new SnapshotMachine(image.Start(console, new FakeLog(), change), console);
    }

    /// <summary>Writes the machine to a file.</summary>
    public void Save(string path, params ISnapshotted[] extras) => Platform.Snapshots.SnapshotFile.Write(path, Machine, new FakeLog(), extras);

    /// <summary>Runs to a number of instructions since power-on.</summary>
    public SnapshotMachine Run(long instructions)
    {
        Machine.Run(new RunLimits { Instructions = instructions });
        return this;
    }

    public void Dispose() => Machine.Dispose();
}
