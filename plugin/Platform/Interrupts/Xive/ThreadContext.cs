using System.Buffers.Binary;
using System.Numerics;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// Registers of one thread in the presenter: four rings. A ring that is valid takes events for the virtual processor whose number it has; while its most favoured pending priority
/// is more favoured than its CPPR, the thread's line is up: External for the OS ring, Hypervisor Virtualization for pool and physical ring, which share one CPPR.
/// </summary>
public sealed class ThreadContext(uint pir, VirtualProcessors virtualProcessors, Action<bool> hypervisorLine, Action<bool> osLine) : ISnapshotted
{
    private readonly byte[] registers = new byte[4 * RingRegister.Size];
    private bool hypervisorLevel;
    private bool osLevel;

    /// <summary>The thread.</summary>
    public uint Pir { get; } = pir;

    /// <summary>Level of the line to the hypervisor.</summary>
    public bool HypervisorLevel => hypervisorLevel;

    /// <summary>Level of the line to the OS.</summary>
    public bool OsLevel => osLevel;

    /// <summary>All registers, as the management area shows them.</summary>
    public ReadOnlySpan<byte> Registers => registers;

    /// <summary>A register of a ring.</summary>
    public byte this[Ring ring, int register]
    {
        get => registers[Offset(ring) + register];
        private set => registers[Offset(ring) + register] = value;
    }

    /// <summary>As firmware hands the thread over: the physical ring valid, every CPPR 0, which lets nothing through (skiboot hw/xive.c, xive_tima_enable_phys).</summary>
    public void Reset()
    {
        Array.Clear(registers);
        this[Ring.Os, RingRegister.Lsmfb] = RingRegister.NoPriority;
        this[Ring.Os, RingRegister.AckCount] = RingRegister.NoPriority;
        this[Ring.Os, RingRegister.Age] = RingRegister.NoPriority;
        this[Ring.Physical, RingRegister.Word2] = RingRegister.Valid;
        Update();
    }

    /// <summary>Word 2 of a ring.</summary>
    public uint Word2(Ring ring) => BinaryPrimitives.ReadUInt32BigEndian(registers.AsSpan(Offset(ring) + RingRegister.Word2));

    /// <summary>Whether a ring takes events.</summary>
    public bool IsValid(Ring ring) => (this[ring, RingRegister.Word2] & RingRegister.Valid) != 0;

    /// <summary>The ring that takes events for a virtual processor, or null.</summary>
    public Ring? FindRing(uint virtualProcessor)
    {
        if (IsValid(Ring.Physical) && virtualProcessor == XiveMap.OfThread(Pir))
            return Ring.Physical;
        for (Ring ring = Ring.Pool; ring >= Ring.Os; ring--)
        {
            if (IsValid(ring) && (Word2(ring) & RingRegister.CamMask) == virtualProcessor)
                return ring;
        }

        return null;
    }

    /// <summary>An event for a ring.</summary>
    public void Present(Ring ring, byte priority)
    {
        this[ring, RingRegister.Ipb] |= BufferBit(priority);
        Update();
    }

    /// <summary>Sets a CPPR; what is no priority lets everything through.</summary>
    public void SetPriority(Ring ring, byte cppr)
    {
        this[ring, RingRegister.Cppr] = cppr < XiveMap.Priorities ? cppr : RingRegister.NoPriority;
        Update();
    }

    /// <summary>
    /// Acknowledge: takes the pending priority, which becomes the CPPR. Returns NSR as it was and the CPPR; NSR without an exception says that there was nothing.
    /// </summary>
    public ushort Acknowledge(Ring ring)
    {
        byte nsr = this[ring, RingRegister.Nsr];
        if (nsr != 0)
        {
            byte priority = this[ring, RingRegister.Pipr];
            Ring of = nsr == RingRegister.PoolException && ring == Ring.Physical ? Ring.Pool : ring;
            this[of, RingRegister.Ipb] &= (byte)~BufferBit(priority);
            this[ring, RingRegister.Cppr] = priority;
            Update();
        }

        return (ushort)((nsr << 8) | this[ring, RingRegister.Cppr]);
    }

    /// <summary>Pull: the ring takes no more events. Returns word 2 as it was.</summary>
    public uint Pull(Ring ring)
    {
        uint word = Word2(ring);
        this[ring, RingRegister.Word2] &= unchecked((byte)~RingRegister.Valid);
        Update();
        return word;
    }

    /// <summary>Sets the valid bit of the physical ring.</summary>
    public void SetThreadValid(bool valid)
    {
        this[Ring.Physical, RingRegister.Word2] = valid ? RingRegister.Valid : (byte)0;
        Update();
    }

    /// <summary>Writes a register as it is. <see cref="Written"/> must follow.</summary>
    public void Write(int offset, byte value) => registers[offset] = value;

    /// <summary>Registers of a ring were written; with word 2 a push, which takes what arrived for the virtual processor while it was on no thread.</summary>
    public void Written(Ring ring, bool pushed)
    {
        if (pushed && ring is (Ring.Os or Ring.Pool) && IsValid(ring) && virtualProcessors.TryGet(Word2(ring) & RingRegister.CamMask, out VirtualProcessor? one))
        {
            this[ring, RingRegister.Ipb] |= one.Backlog;
            one.Backlog = 0;
        }

        Update();
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(registers);
        writer.Write(hypervisorLevel);
        writer.Write(osLevel);
    }

    /// <inheritdoc/>
    /// <remarks>No input of a CPU is driven: its level is part of the CPU's state.</remarks>
    public void Load(SnapshotReader reader)
    {
        byte[] saved = reader.ReadBytes();
        if (saved.Length != registers.Length)
            throw reader.Problem($"a thread has {registers.Length} bytes of registers, not {saved.Length}");
        saved.CopyTo(registers, 0);
        hypervisorLevel = reader.ReadBool();
        osLevel = reader.ReadBool();
    }

    private static int Offset(Ring ring) => (int)ring * RingRegister.Size;

    private static byte BufferBit(byte priority) => priority < XiveMap.Priorities ? (byte)(0x80 >> priority) : (byte)0;

    private static byte MostFavoured(byte buffer) => buffer == 0 ? RingRegister.NoPriority : (byte)(BitOperations.LeadingZeroCount((uint)buffer) - 24);

    // What follows from pending buffers, priorities and valid bits.
    private void Update()
    {
        byte os = MostFavoured(this[Ring.Os, RingRegister.Ipb]);
        this[Ring.Os, RingRegister.Pipr] = os;
        bool osException = IsValid(Ring.Os) && os < this[Ring.Os, RingRegister.Cppr];
        this[Ring.Os, RingRegister.Nsr] = osException ? RingRegister.OsException : (byte)0;

        byte physical = IsValid(Ring.Physical) ? MostFavoured(this[Ring.Physical, RingRegister.Ipb]) : RingRegister.NoPriority;
        byte pool = IsValid(Ring.Pool) ? MostFavoured(this[Ring.Pool, RingRegister.Ipb]) : RingRegister.NoPriority;
        byte most = Math.Min(physical, pool);
        bool hypervisorException = most < this[Ring.Physical, RingRegister.Cppr];
        this[Ring.Physical, RingRegister.Pipr] = most;
        this[Ring.Physical, RingRegister.Nsr] = !hypervisorException ? (byte)0 : physical <= pool ? RingRegister.PhysicalException : RingRegister.PoolException;
        Drive(ref osLevel, osException, osLine);
        Drive(ref hypervisorLevel, hypervisorException, hypervisorLine);
    }

    private static void Drive(ref bool level, bool now, Action<bool> line)
    {
        if (level == now)
            return;
        level = now;
        line(now);
    }
}
