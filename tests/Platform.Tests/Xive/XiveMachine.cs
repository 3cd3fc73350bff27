using System.Buffers.Binary;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>Two threads, normal and secure RAM, XIVE and its OPAL calls. In exploitation mode, as a kernel's driver has it.</summary>
internal sealed unsafe class XiveMachine : IDisposable
{
    public const ulong RamSize = 0x100000;
    public const ulong SecureAddress = 1UL << 48;
    public const ulong SecureSize = 0x10000;

    /// <summary>A device's source.</summary>
    public const uint Device = 0x10;

    /// <summary>Where results of calls go.</summary>
    public const ulong Results = 0x1000;

    /// <summary>A page for a ring.</summary>
    public const ulong Ring = 0x10000;

    private const int Boot = 1;

    public XiveMachine()
    {
        Memory = new PhysicalMemory();
        Memory.AddRam(0, RamSize, secure: false);
        Memory.AddRam(SecureAddress, SecureSize, secure: true);
        var group = new CpuGroup();
        Cpus = [new Cpu(Memory, 0, group), new Cpu(Memory, 4, group)];
        Xive = new XiveController(Memory, Log);
        foreach (Cpu cpu in Cpus)
            Xive.AddServer(cpu.Pir, cpu.SetExternalInput, cpu.SetOsInput);
        Xive.AddSource(Device);
        Firmware = new OpalFirmware(
            Memory,
            Log,
            new InterruptCalls(Xive),
            new XiveSourceCalls(Xive),
            new XiveQueueCalls(Xive),
            new XiveProcessorCalls(Xive),
            new XiveModeCalls(Xive, Log));
        Call(OpalToken.XIVE_RESET, Boot);
    }

    public PhysicalMemory Memory { get; }

    public Cpu[] Cpus { get; }

    public XiveController Xive { get; }

    public OpalFirmware Firmware { get; }

    public FakeLog Log { get; } = new();

    /// <summary>A call of thread 0.</summary>
    public long Call(OpalToken token, params ulong[] arguments) => Call(0, token, arguments);

    /// <summary>A call of a thread.</summary>
    public long Call(int thread, OpalToken token, params ulong[] arguments)
    {
        CpuState* s = Cpus[thread].State;
        s->Gpr[0] = (ulong)token;
        for (int n = 0; n < 8; n++)
            s->Gpr[3 + n] = n < arguments.Length ? arguments[n] : 0;
        Firmware.Call(Cpus[thread]);
        return (long)s->Gpr[3];
    }

    /// <summary>A load of a thread, as a number.</summary>
    public ulong Load(int thread, ulong address, int size)
    {
        IMmioDevice device = Memory.FindDevice(address, out ulong offset)!;
        ulong value = device is IProcessorDevice mine ? mine.Read(Cpus[thread], offset, size) : device.Read(offset, size);
        return Turned(value, size);
    }

    /// <summary>A store of a thread.</summary>
    public void Store(int thread, ulong address, int size, ulong value)
    {
        IMmioDevice device = Memory.FindDevice(address, out ulong offset)!;
        if (device is IProcessorDevice mine)
            mine.Write(Cpus[thread], offset, size, Turned(value, size));
        else
            device.Write(offset, size, Turned(value, size));
    }

    /// <summary>Address in the hypervisor's page of the thread management area.</summary>
    public static ulong Tima(ulong offset) => XiveMap.Tima + XiveMap.PageSize + offset;

    /// <summary>Address in a source's management page.</summary>
    public static ulong Manage(uint source, ulong offset) => XiveMap.SourcePages + ((ulong)source << 17) + 0x10000 + offset;

    /// <summary>Address in a source's trigger page.</summary>
    public static ulong Trigger(uint source) => XiveMap.SourcePages + ((ulong)source << 17);

    /// <summary>As Linux sets a thread up (xive_setup_cpu): a queue of 64 KiB at the least favoured priority, CPPR open.</summary>
    public void OpenThread(int thread, ulong ring)
    {
        Require(Call(OpalToken.XIVE_SET_QUEUE_INFO, Cpus[thread].Pir, 7, ring, 16, 3));
        Store(thread, Tima(0x31), 1, 0xFF);
    }

    /// <summary>As Linux starts an interrupt (xive_irq_startup).</summary>
    public void Start(uint source, ulong target, byte priority, uint data)
    {
        Require(Call(OpalToken.XIVE_SET_IRQ_CONFIG, source, target, priority, data));
        Load(0, Manage(source, 0xC00), 8);
    }

    public bool HypervisorLine(int thread) => Cpus[thread].Pending.HasFlag(PendingInterrupt.HypervisorVirtualization);

    public bool OsLine(int thread) => Cpus[thread].Pending.HasFlag(PendingInterrupt.External);

    public uint Get32(ulong address) => BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(Memory.Pointer(address, 4), 4));

    public ulong Get64(ulong address) => BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(Memory.Pointer(address, 8), 8));

    public void Dispose()
    {
        foreach (Cpu cpu in Cpus)
            cpu.Dispose();
        Memory.Dispose();
    }

    public static void Require(long result)
    {
        if (result < 0)
            throw new InvalidOperationException($"an OPAL call failed with {result}");
    }

    private static ulong Turned(ulong value, int size) => BinaryPrimitives.ReverseEndianness(value) >> (64 - 8 * size);
}
