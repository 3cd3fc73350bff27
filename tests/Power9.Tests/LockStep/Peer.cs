using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>QEMU's powernv9 with our kernel, stopped or running on command. Its RAM is a file that this process sees, too.</summary>
internal sealed partial class Peer : IDisposable
{
    /// <summary>Bytes of RAM: the least that powernv9 takes.</summary>
    public const ulong Memory = 1UL << 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string directory;
    private readonly PeerClock clock;
    private readonly Process qemu;
    private readonly PeerConsole console;
    private readonly GdbConnection gdb;
    private readonly Dictionary<string, int> numbers;
    private readonly HashSet<ulong> breakpoints = [];
    private readonly Task<string> errors;

    public Peer(PeerImages images, bool hash)
    {
        directory = Directory.CreateTempSubdirectory("lockstep").FullName;
        clock = new PeerClock(directory);
        string gdbSocket = Path.Combine(directory, "gdb");
        var start = new ProcessStartInfo("qemu-system-ppc64",
        [
            "-M", "powernv9,memory-backend=ram", "-m", "1G", "-object", $"memory-backend-file,id=ram,size=1G,mem-path={RamFile},share=on",
            "-smp", "1", "-display", "none", "-monitor", "none", "-chardev", $"socket,id=con,path={ConsoleSocket},server=on,wait=off", "-serial", "chardev:con", "-gdb", $"unix:{gdbSocket},server=on,wait=off", "-S",
            "-kernel", images.Kernel, "-initrd", images.Initrd, "-append", "console=hvc0 random.trust_cpu=on xive=off uvmem.run=normal uvmem.peer" + (hash ? " disable_radix" : ""),
        ])
        {
            RedirectStandardError = true,
        };
        clock.SetRate(8, 1);
        start.Environment["LD_PRELOAD"] = clock.Library;
        start.Environment["UVMEM_CLOCK"] = clock.Path;
        if (MakePipe(LogFile, Convert.ToUInt32("600", 8)) != 0)
            throw new IOException($"no pipe can be made at {LogFile}");
        qemu = Process.Start(start) ?? throw new InvalidOperationException("qemu-system-ppc64 did not start");
        errors = qemu.StandardError.ReadToEndAsync();
        try
        {
            gdb = new GdbConnection(gdbSocket, TimeSpan.FromSeconds(10)) { Patience = Patience };
            numbers = gdb.RegisterNumbers();
            Ram = new PeerRam(RamFile);
            console = new PeerConsole(ConsoleSocket);
        }
        catch (Exception exception)
        {
            Dispose();
            throw new InvalidOperationException($"QEMU does not answer: {errors.Result}", exception);
        }
    }

    public PeerRam Ram { get; }

    /// <summary>Names of the registers that <see cref="Read"/> knows.</summary>
    public IEnumerable<string> RegisterNames => numbers.Keys;

    private string RamFile => Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : directory, Path.GetFileName(directory) + ".ram");

    private string ConsoleSocket => Path.Combine(directory, "console");

    private string LogFile => Path.Combine(directory, "log");

    /// <summary>Runs to the first of some addresses; what was there before does not stop it.</summary>
    /// <exception cref="InvalidOperationException">It does not come there in time.</exception>
    public void RunTo(string name, params ulong[] addresses)
    {
        foreach (ulong address in addresses)
        {
            if (breakpoints.Add(address))
                gdb.Ask(FormattableString.Invariant($"Z0,{address:x},4"));
        }

        string answer;
        try
        {
            answer = gdb.Ask("c");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"QEMU does not come to {name}; the end of its console:\n{console.End}", exception);
        }

        // T: stopped. W, X: it powered off.
        if (!answer.StartsWith('T'))
            throw new InvalidOperationException($"QEMU ended before it came to {name} ({answer}); the end of its console:\n{console.End}");

        foreach (ulong address in breakpoints)
            gdb.Ask(FormattableString.Invariant($"z0,{address:x},4"));
        breakpoints.Clear();
    }

    /// <summary>Value of a register while stopped: the number that its bytes are, at most 128 bits.</summary>
    public UInt128 Read(string register)
    {
        byte[] bytes = Convert.FromHexString(gdb.Ask(FormattableString.Invariant($"p{numbers[register]:x}")));

        // The stub sends registers in the byte order of MSR[LE].
        if (LittleEndian)
            Array.Reverse(bytes);
        UInt128 value = 0;
        foreach (byte one in bytes)
            value = (value << 8) | one;
        return value;
    }

    /// <summary>The segment lookaside entries that are not empty: index, ESID with V, VSID with all that is beside it.</summary>
    public IEnumerable<(int Index, ulong Esid, ulong Vsid)> Segments()
    {
        foreach (string line in gdb.Monitor("info tlb").Split('\n'))
        {
            string[] words = line.Split(['\t', ' ', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 3 && int.TryParse(words[0], out int index))
                yield return (index, Convert.ToUInt64(words[1], 16), Convert.ToUInt64(words[2], 16));
        }
    }

    /// <summary>MSR[LE] now, as the stub's answers are ordered by it. Call after each stop.</summary>
    public void FindOrder()
    {
        // MSR[HV] or MSR[SF] is set in all that runs here: it is in the first byte if big-endian, else in the last.
        byte[] msr = Convert.FromHexString(gdb.Ask(FormattableString.Invariant($"p{numbers["msr"]:x}")));
        LittleEndian = (msr[0] & 1) != 0 && (BinaryPrimitives.ReadUInt64LittleEndian(msr) & (1UL << 63)) != 0;
    }

    private bool LittleEndian { get; set; }

    /// <summary>Starts to log each instruction and runs on. The log ends after <see cref="StopLogging"/>.</summary>
    public ExecutionLog StartLogging()
    {
        // It comes to some ten thousand instructions a second, not hundreds of millions.
        clock.SetRate(1, 400);
        gdb.Monitor("singlestep on");
        Task<FileStream> opened = Task.Run(() => new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1));
        gdb.Monitor($"logfile {LogFile}");
        gdb.Monitor("log exec,cpu,fpu,int");
        ExecutionLog log = new(opened.Result);
        gdb.Send("c");
        return log;
    }

    /// <summary>Stops the machine and the log, which somebody must read meanwhile.</summary>
    public void StopLogging()
    {
        gdb.Interrupt();
        gdb.Receive();
        gdb.Monitor("log none");
        gdb.Monitor("logfile /dev/null");
        gdb.Monitor("singlestep off");
        clock.SetRate(8, 1);
    }

    /// <summary>Presses a key on the console: its UART interrupts.</summary>
    public void Type() => console.Type();

    public void Dispose()
    {
        gdb?.Dispose();
        console?.Dispose();
        if (!qemu.HasExited)
            qemu.Kill();
        qemu.WaitForExit();
        qemu.Dispose();
        clock.Dispose();
        Ram?.Dispose();
        File.Delete(RamFile);
        Directory.Delete(directory, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
