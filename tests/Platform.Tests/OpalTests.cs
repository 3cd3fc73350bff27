using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Tests.Shared;

namespace RenodeUvmem.Platform.Tests;

/// <summary>OPAL calls as Linux makes them: token in GPR 0, arguments from GPR 3, big-endian memory, return to LR.</summary>
internal sealed unsafe class OpalTests : IProcessors
{
    private const uint OpalSource = 0x10;
    private const ulong Buffer = 0x1000;
    private const ulong ReturnAddress = 0x4444;
    private const ulong LinearMap = 0xC000000000000000;
    private const ulong SecureAddress = 1UL << 48;

    private PhysicalMemory memory = null!;
    private SegmentedRam ram = null!;
    private CpuGroup group = null!;
    private Processor[] processors = null!;
    private OpalFirmware firmware = null!;
    private FakeConsole console = null!;
    private ConsolePort port = null!;
    private FakeLog log = null!;
    private TimeSpan uptime;
    private List<(PowerRequest, string)> requests = null!;

    public IReadOnlyList<Processor> All => processors;

    public Processor? Find(ulong pir) => Array.Find(processors, p => p.Cpu.Pir == pir);

    [SetUp]
    public void MakeMachine()
    {
        memory = new PhysicalMemory();
        ram = new SegmentedRam().Add(memory, 0, 0x20000, secure: false).Add(memory, SecureAddress, 0x10000, secure: true);
        group = new CpuGroup();
        processors = [new Processor(new Cpu(memory, 0, group)), new Processor(new Cpu(memory, 4, group))];
        processors[0].Start(0x100, 0);
        var xics = new Xics();
        xics.AddServer(0, processors[0].Cpu.SetExternalInput);
        xics.AddServer(4, processors[1].Cpu.SetExternalInput);
        console = new FakeConsole();
        port = new ConsolePort(console);
        log = new FakeLog();
        requests = [];
        var events = new OpalEvents(xics, OpalSource);
        firmware = new OpalFirmware(
            memory,
            log,
            events,
            new ConsoleCalls(port, events),
            new InterruptCalls(xics),
            new RtcCalls(() => uptime),
            new PowerCalls((what, text) => requests.Add((what, text))),
            new ProcessorCalls(this),
            new ErrorCalls(log),
            new Xscom(log));
    }

    [TearDown]
    public void FreeMachine()
    {
        foreach (Processor processor in processors)
            processor.Cpu.Dispose();
        memory.Dispose();
        Assert.That(ram.GapsAreWhole(), Is.True, "something wrote beyond a range of RAM");
        ram.Dispose();
    }

    [Test]
    public void CallReturnsToLinkRegisterWithMsrUnchanged()
    {
        ulong msr = processors[0].Cpu.State->Msr;
        Assert.That(Call(OpalToken.POLL_EVENTS, 0), Is.EqualTo(0));
        Assert.That(processors[0].Cpu.State->Nia, Is.EqualTo(ReturnAddress));
        Assert.That(processors[0].Cpu.State->Msr, Is.EqualTo(msr));
    }

    [Test]
    public void ConsoleWriteReportsWhatWasWritten([Values(0UL, LinearMap)] ulong map)
    {
        Put64(Buffer, 5);
        "hello"u8.CopyTo(new Span<byte>(memory.Pointer(Buffer + 16, 5), 5));
        Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, map | Buffer, map | (Buffer + 16)), Is.Zero);
        Assert.That(console.Output, Is.EqualTo("hello"));
        Assert.That(Get64(Buffer), Is.EqualTo(5));
    }

    [Test]
    public void ConsoleTextAndInputMayLieAcrossRangesOfRam()
    {
        const ulong Border = 0x10000;
        Put64(Buffer, 5);
        memory.CopyIn(Border - 2, "hello"u8);
        Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, Buffer, Border - 2), Is.Zero);
        Assert.That(console.Output, Is.EqualTo("hello"));

        console.Give("abcd");
        port.Poll();
        Put64(Buffer, 16);
        Assert.That(Call(OpalToken.CONSOLE_READ, 0, Buffer, Border - 3), Is.Zero);
        byte[] input = new byte[4];
        memory.CopyOut(Border - 3, input);
        Assert.That(input, Is.EqualTo("abcd"u8.ToArray()));
    }

    [Test]
    public void ConsoleSpaceIsWhatOneCallTakes()
    {
        Assert.That(Call(OpalToken.CONSOLE_WRITE_BUFFER_SPACE, 0, Buffer), Is.Zero);
        ulong space = Get64(Buffer);
        Put64(Buffer, space + 100);
        Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, Buffer, 0x2000), Is.Zero);
        Assert.That(Get64(Buffer), Is.EqualTo(space));
    }

    [Test]
    public void ConsoleInputIsAnEventWithAnInterrupt()
    {
        Assert.That(Call(OpalToken.INT_SET_CPPR, 0xFF), Is.Zero);
        Assert.That(Call(OpalToken.SET_XIVE, OpalSource, 0 << 2, 5), Is.Zero);
        console.Give("ab");
        port.Poll();
        Assert.That(processors[0].Cpu.Pending, Is.EqualTo(Power9.Interrupts.PendingInterrupt.HypervisorVirtualization));

        Assert.That(Call(OpalToken.INT_GET_XIRR, Buffer, 0), Is.Zero);
        Assert.That(Get32(Buffer), Is.EqualTo(0xFF000000 | OpalSource));
        Assert.That(Call(OpalToken.HANDLE_INTERRUPT, OpalSource, Buffer), Is.Zero);
        Assert.That(Get64(Buffer), Is.EqualTo(0x10), "OPAL_EVENT_CONSOLE_INPUT");
        Assert.That(Call(OpalToken.INT_EOI, 0xFF000000 | OpalSource), Is.Zero, "nothing more");

        Put64(Buffer, 16);
        Assert.That(Call(OpalToken.CONSOLE_READ, 0, Buffer, Buffer + 16), Is.Zero);
        Assert.That(Get64(Buffer), Is.EqualTo(2));
        Assert.That(Encoding.ASCII.GetString(memory.Pointer(Buffer + 16, 2), 2), Is.EqualTo("ab"));
        Assert.That(Call(OpalToken.POLL_EVENTS, Buffer), Is.Zero);
        Assert.That(Get64(Buffer), Is.Zero);
    }

    [Test]
    public void InputBeyondOneReadStaysPending()
    {
        console.Give("abc");
        port.Poll();
        Put64(Buffer, 2);
        Call(OpalToken.CONSOLE_READ, 0, Buffer, Buffer + 16);
        Call(OpalToken.POLL_EVENTS, Buffer);
        Assert.That(Get64(Buffer), Is.EqualTo(0x10));
    }

    [Test]
    public void BadPointersAndTerminalsAreParameterErrors()
    {
        const long Parameter = -1;
        Put64(Buffer, 1);
        Assert.Multiple(() =>
        {
            Assert.That(Call(OpalToken.CONSOLE_WRITE, 1, Buffer, Buffer), Is.EqualTo(Parameter), "terminal");
            Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, 0x1FFFC, Buffer), Is.EqualTo(Parameter), "across the end of RAM");
            Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, Buffer, 0x7000000000), Is.EqualTo(Parameter), "outside of RAM");
            Assert.That(Call(OpalToken.CONSOLE_WRITE, 0, Buffer, SecureAddress), Is.EqualTo(Parameter), "secure memory");
            Assert.That(Call(OpalToken.CONSOLE_READ, 0, SecureAddress, Buffer), Is.EqualTo(Parameter), "secure memory");
            Assert.That(Call(OpalToken.POLL_EVENTS, SecureAddress), Is.EqualTo(Parameter), "secure memory");
            Assert.That(Call(OpalToken.RTC_READ, SecureAddress, Buffer), Is.EqualTo(Parameter), "secure memory");
            Assert.That(Call(OpalToken.HANDLE_INTERRUPT, 99, Buffer), Is.EqualTo(Parameter), "source");
            Assert.That(Call(OpalToken.SET_XIVE, 99, 0, 5), Is.EqualTo(Parameter), "source");
            Assert.That(Call(OpalToken.SET_XIVE, OpalSource, 3 << 2, 5), Is.EqualTo(Parameter), "server");
            Assert.That(Call(OpalToken.START_CPU, 77, 0), Is.EqualTo(Parameter), "PIR");
            Assert.That(Call(OpalToken.QUERY_CPU_STATUS, 77, Buffer), Is.EqualTo(Parameter), "PIR");
            Assert.That(console.Output, Is.Empty);
        });
    }

    [Test]
    public void XiveRouteReadsBackMangled()
    {
        Assert.That(Call(OpalToken.SET_XIVE, OpalSource, 4 << 2, 5), Is.Zero);
        Assert.That(Call(OpalToken.GET_XIVE, OpalSource, Buffer, Buffer + 2), Is.Zero);
        Assert.That(Get32(Buffer) >> 8, Is.EqualTo((4u << 10) | 5u), "16 bits of server, 8 bits of priority");
    }

    [Test]
    public void RtcIsBcdAndFollowsVirtualTime()
    {
        uptime = new TimeSpan(1, 2, 3, 45);
        Assert.That(Call(OpalToken.RTC_READ, Buffer, Buffer + 8), Is.Zero);
        Assert.That(Get32(Buffer), Is.EqualTo(0x20260102));
        Assert.That(Get64(Buffer + 8), Is.EqualTo(0x02034500_00000000UL));
    }

    [Test]
    public void RtcWriteIsKept()
    {
        uptime = TimeSpan.FromSeconds(10);
        Assert.That(Call(OpalToken.RTC_WRITE, 0x20240229, 0x23595800_00000000), Is.Zero);
        uptime = TimeSpan.FromSeconds(13);
        Call(OpalToken.RTC_READ, Buffer, Buffer + 8);
        Assert.That(Get32(Buffer), Is.EqualTo(0x20240301));
        Assert.That(Get64(Buffer + 8), Is.EqualTo(0x00000100_00000000UL));
    }

    [TestCase(0x20230229UL, 0UL)]
    [TestCase(0x20241301UL, 0UL)]
    [TestCase(0x2024010AUL, 0UL)]
    [TestCase(0x20240101UL, 0x24000000_00000000UL)]
    [TestCase(0x00000101UL, 0UL)]
    public void ImpossibleDatesAreRefused(ulong date, ulong time) => Assert.That(Call(OpalToken.RTC_WRITE, date, time), Is.EqualTo(-1));

    [Test]
    public void TokensThatExistCanBeCheckedAndOthersAreUnsupported()
    {
        Assert.That(Call(OpalToken.CHECK_TOKEN, (ulong)OpalToken.CONSOLE_WRITE), Is.EqualTo(1));
        Assert.That(Call(OpalToken.CHECK_TOKEN, (ulong)OpalToken.CHECK_TOKEN), Is.EqualTo(1));
        Assert.That(Call(OpalToken.CHECK_TOKEN, (ulong)OpalToken.PCI_RESET), Is.Zero);
        Assert.That(Call(OpalToken.CHECK_TOKEN, 12345), Is.Zero);
        Assert.That(log.Warnings, Is.Empty, "asking is not calling");
        Assert.That(Call(OpalToken.PCI_RESET), Is.EqualTo(-7));
        Assert.That(Call(OpalToken.PCI_RESET), Is.EqualTo(-7));
        Assert.That(log.Warnings, Has.Count.EqualTo(1));
        Assert.That(log.Warnings[0], Does.Contain("OPAL_PCI_RESET").And.Contain("0x4444"));
        Assert.That(Call((OpalToken)99999), Is.EqualTo(-7));
    }

    /// <summary>Each made-up token and register used to be remembered and reported, without end.</summary>
    [Test]
    public void MadeUpTokensAndRegistersDoNotFloodTheLog()
    {
        for (ulong n = 0; n < 5000; n++)
        {
            Assert.That(Call((OpalToken)(1_000_000 + n)), Is.EqualTo(-7));
            Assert.That(Call(OpalToken.XSCOM_READ, 0, 0x100000 + n, Buffer), Is.EqualTo(-6));
        }

        Assert.That(log.Warnings, Has.Count.InRange(2, 1000));
    }

    [Test]
    public void SecondProcessorStartsInBigEndianRealMode()
    {
        Assert.That(Call(OpalToken.QUERY_CPU_STATUS, 4, Buffer), Is.Zero);
        Assert.That(Get8(Buffer), Is.Zero, "OPAL_THREAD_INACTIVE");
        Assert.That(Call(OpalToken.START_CPU, 4, 0x8000), Is.Zero);
        Assert.That(Call(OpalToken.QUERY_CPU_STATUS, 4, Buffer), Is.Zero);
        Assert.That(Get8(Buffer), Is.EqualTo(1), "OPAL_THREAD_STARTED");
        CpuState* s = processors[1].Cpu.State;
        Assert.That((s->Nia, s->Gpr[3], s->Msr), Is.EqualTo((0x8000UL, 4UL, Msr.SF | Msr.HV | Msr.ME)));
        Assert.That(Call(OpalToken.START_CPU, 4, 0x8000), Is.EqualTo(-14), "OPAL_WRONG_STATE");
    }

    [Test]
    public void ReturnedProcessorIsInactiveAgain()
    {
        Call(OpalToken.RETURN_CPU);
        Assert.That(processors[0].IsStarted, Is.False);
    }

    [Test]
    public void ReinitSetsHileOnAllProcessors()
    {
        const ulong Hile = 1UL << 59;
        Assert.That(Call(OpalToken.REINIT_CPUS, 0b1110), Is.Zero);
        Assert.That(processors.Select(HileOf), Is.All.EqualTo(Hile));
        Assert.That(Call(OpalToken.REINIT_CPUS, 0b1), Is.Zero);
        Assert.That(processors.Select(HileOf), Is.All.Zero);
        Assert.That(Call(OpalToken.REINIT_CPUS, 1 << 4), Is.EqualTo(-7), "transactional memory");

        static ulong HileOf(Processor p) => p.Cpu.State->Spr[SprNumber.HID] & Hile;
    }

    [Test]
    public void PowerRequestsArePassedOn()
    {
        "bad news\0"u8.CopyTo(new Span<byte>(memory.Pointer(Buffer, 9), 9));
        Call(OpalToken.CEC_POWER_DOWN, 0);
        Call(OpalToken.CEC_REBOOT);
        Call(OpalToken.CEC_REBOOT2, 1, LinearMap | Buffer);
        Assert.That(Call(OpalToken.CEC_REBOOT2, 3, 0), Is.EqualTo(-7), "memory-preserving IPL");
        Assert.That(requests, Is.EqualTo(new[]
        {
            (PowerRequest.PowerOff, ""), (PowerRequest.Reboot, ""), (PowerRequest.PlatformError, "bad news"),
        }));
    }

    [Test]
    public void MaintenanceInterruptClearsItsCause()
    {
        processors[0].Cpu.State->Spr[SprNumber.HMER] = 1UL << 46;
        Put64(Buffer, ulong.MaxValue);
        Assert.That(Call(OpalToken.HANDLE_HMI2, Buffer), Is.Zero);
        Assert.That(Get64(Buffer), Is.Zero);
        Assert.That(processors[0].Cpu.State->Spr[SprNumber.HMER], Is.Zero);
    }

    [Test]
    public void UnknownScomIsAHardwareError()
    {
        Assert.That(Call(OpalToken.XSCOM_READ, 0, 0xF000F, Buffer), Is.Zero);
        Assert.That((Get64(Buffer) >> 44) & 0xFF, Is.EqualTo(0xD1), "Nimbus");
        Assert.That(Call(OpalToken.XSCOM_READ, 0, 0x1234, Buffer), Is.EqualTo(-6));
        Assert.That(Call(OpalToken.XSCOM_WRITE, 0, 0x1234, 0), Is.EqualTo(-6));
        Assert.That(Call(OpalToken.XSCOM_READ, 9, 0xF000F, Buffer), Is.EqualTo(-1));
    }

    [Test]
    public void RandomCallsNeverDoHarm()
    {
        ulong[] interesting = [0, 1, 4, OpalSource, Buffer, LinearMap | Buffer, 0x1FFF8, 0x20000, SecureAddress, ulong.MaxValue, 0x7FFFFFFF_FFFFFFFF, 1UL << 63];
        var random = new Random(1);
        OpalToken[] tokens = [.. Enum.GetValues<OpalToken>(), (OpalToken)(-1), (OpalToken)long.MaxValue];
        for (int n = 0; n < 50_000; n++)
        {
            OpalToken token = tokens[random.Next(tokens.Length)];
            var arguments = new ulong[4];
            for (int a = 0; a < arguments.Length; a++)
                arguments[a] = random.Next(2) == 0 ? interesting[random.Next(interesting.Length)] : (ulong)random.NextInt64();
            Assert.That(() => Call(token, arguments), Throws.Nothing, $"{token}({string.Join(", ", arguments.Select(a => $"0x{a:x}"))})");
        }

        Assert.That(new Span<byte>(memory.Pointer(SecureAddress, 0x10000), 0x10000).ToArray(), Is.All.Zero, "secure memory is untouched");
    }

    private long Call(OpalToken token, params ulong[] arguments)
    {
        CpuState* s = processors[0].Cpu.State;
        s->Gpr[0] = (ulong)token;
        for (int n = 0; n < arguments.Length; n++)
            s->Gpr[3 + n] = arguments[n];
        s->Spr[SprNumber.LR] = ReturnAddress;
        firmware.Call(processors[0].Cpu);
        return (long)s->Gpr[3];
    }

    private byte Get8(ulong address) => *memory.Pointer(address, 1);

    private uint Get32(ulong address) => BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(memory.Pointer(address, 4), 4));

    private ulong Get64(ulong address) => BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(memory.Pointer(address, 8), 8));

    private void Put64(ulong address, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(memory.Pointer(address, 8), 8), value);
}
