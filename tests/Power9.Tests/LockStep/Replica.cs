using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.Differential;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>This CPU with the peer's RAM and registers. Everything that is no RAM is a device that answers 0, and is noted.</summary>
internal sealed unsafe class Replica : IMmioBus, IInstructionObserver, IDisposable
{
    // DEC and HDEC never go off by themselves: QEMU's time says when they do. The largest value that 32 bits of DEC can have.
    private const ulong FarAway = 0x7FFF_FFFF;

    private readonly RegisterSet registers = new();
    private PeerRam? peerRam;
    private (int Vsr, ulong Value)? undefined;
    private (ulong Psscr, ulong Hfscr) hidden;
    private long deliveriesBefore;
    private readonly RamRange ram;

    // Not an array: a gigabyte is too much for the garbage collector to look after.
    private readonly byte* before = (byte*)NativeMemory.Alloc((nuint)Peer.Memory);

    public Replica()
    {
        ram = Memory.AddRam(0, Peer.Memory, secure: false);
        Memory.Bus = this;
        Cpu = new Cpu(Memory, 0) { Observer = this };
    }

    public PhysicalMemory Memory { get; } = new();

    public Cpu Cpu { get; }

    /// <summary>RAM from real address 0.</summary>
    public Span<byte> Ram => new(ram.Host, (int)ram.Size);

    /// <summary>What it was when the peer's was loaded.</summary>
    public ReadOnlySpan<byte> RamBefore => new(before, (int)ram.Size);

    /// <summary>The instruction of the last <see cref="Step"/>; 0 if it could not be fetched.</summary>
    public uint Word { get; private set; }

    /// <summary>Its address.</summary>
    public ulong Address { get; private set; }

    /// <summary>Devices read in the last step.</summary>
    public int DeviceReads { get; private set; }

    /// <summary>Devices written in the last step.</summary>
    public int DeviceWrites { get; private set; }

    /// <summary>Interrupts taken in the last step.</summary>
    public long Interrupts { get; private set; }

    public ulong Msr => S->Msr;

    /// <summary>The vector of the last step's interrupt, or null.</summary>
    public Vector? Vector => Interrupts == 1 ? (Vector)(S->Nia & 0x3FFF) : null;

    /// <summary>
    /// The last step was an instruction that leaves doubleword 1 of its VSR undefined (<see cref="KnownVectorDeviations.UndefinedLowHalf"/>): it has its old value, as in QEMU,
    /// for the log does not show it.
    /// </summary>
    public bool KeptLowHalf { get; private set; }

    public ulong Gpr(int register) => S->Gpr[register];

    private CpuState* S => Cpu.State;

    /// <summary>Takes over all that a stopped peer has.</summary>
    public void Load(Peer peer)
    {
        peerRam = peer.Ram;
        DeviceWrittenPages.Clear();
        PeerRam.CopyTo(new Span<byte>(before, (int)ram.Size));
        RamBefore.CopyTo(Ram);
        Memory.Rebase(ram, ram.Host);
        Cpu.Reset();
        foreach ((string name, int number) in PeerSprs.State)
        {
            ulong value = (ulong)peer.Read(name);
            Cpu.WriteSpr(number, value);
            if (!PeerSprs.IsTime(number) && Cpu.ReadSpr(number) != value)
                S->Spr[number] = value;
        }

        for (int k = 0; k < 32; k++)
        {
            S->Gpr[k] = (ulong)peer.Read($"r{k}");
            S->Vsr[(2 * k) + 1] = (ulong)peer.Read($"f{k}");
            S->Vsr[2 * k] = (ulong)peer.Read($"vs{k}h");
            UInt128 vector = peer.Read($"vr{k}");
            S->Vsr[64 + (2 * k)] = (ulong)vector;
            S->Vsr[64 + (2 * k) + 1] = (ulong)(vector >> 64);
        }

        for (ulong index = 0; index < Slb.Count; index++)
            Cpu.WriteSegment(index, 0);
        foreach ((int index, ulong esid, ulong vsid) in peer.Segments())
            Cpu.WriteSegment(esid | (uint)index, vsid);
        S->Nia = (ulong)peer.Read("pc");
        S->CrWord = (uint)peer.Read("cr");
        S->Xer = (ulong)peer.Read("xer");
        S->Spr[SprNumber.LR] = (ulong)peer.Read("lr");
        S->Spr[SprNumber.CTR] = (ulong)peer.Read("ctr");
        S->Fpscr = (ulong)peer.Read("fpscr");
        S->Vscr = (uint)peer.Read("vscr");
        Cpu.SetMsr((ulong)peer.Read("msr"));
        StopTimers();
    }

    /// <summary>Executes the next instruction, or takes the interrupt that it is.</summary>
    public void Step()
    {
        Begin();
        hidden = (S->Spr[SprNumber.PSSCR], S->Spr[SprNumber.HFSCR]);
        StopTimers();
        Cpu.Execute(1);
        KeepLowHalf();

        // What became pending by the instruction comes before the next one.
        Cpu.Execute(0);
        Interrupts = Cpu.Deliveries - deliveriesBefore;
    }

    /// <summary>Takes an interrupt of that QEMU name: makes its cause pending, or fetches the next instruction if that is its cause.</summary>
    public void Take(string interrupt)
    {
        switch (interrupt)
        {
            case "DECR":
                // The exception is that DEC is negative.
                Cpu.WriteSpr(SprNumber.DEC, ulong.MaxValue);
                Cpu.Execute(0);
                StopTimers();
                break;
            case "HDECR":
                Pend(PendingInterrupt.HypervisorDecrementer);
                break;
            case "HVIRT":
                Pend(PendingInterrupt.HypervisorVirtualization);
                break;
            case "EXTERNAL":
                Pend(PendingInterrupt.External);
                break;
            case "SDOOR_HV":
                Pend(PendingInterrupt.HypervisorDoorbell);
                break;
            case "SDOOR":
                Pend(PendingInterrupt.PrivilegedDoorbell);
                break;
            case "PERFM":
                Pend(PendingInterrupt.PerformanceMonitor);
                break;
            default:
                Cpu.Execute(1);
                break;
        }

        Interrupts = Cpu.Deliveries - deliveriesBefore;
    }

    /// <summary>Notes where the next step begins, without one.</summary>
    public void Begin()
    {
        Word = 0;
        Address = S->Nia;
        DeviceReads = DeviceWrites = 0;
        deliveriesBefore = Cpu.Deliveries;
        Interrupts = 0;
    }

    /// <summary>Gives the SPRs that a step may change and the log does not show the values from before the last one.</summary>
    public void TakeBackHidden()
    {
        Cpu.WriteSpr(SprNumber.PSSCR, hidden.Psscr);
        Cpu.WriteSpr(SprNumber.HFSCR, hidden.Hfscr);
    }

    /// <summary>
    /// Where the last step, a load word indexed of firmware in real mode, got another word than memory of the peer has, or null: a device may have written it, for all that
    /// instructions wrote is here, too. <paramref name="word"/> is what the peer got.
    /// </summary>
    public ulong? FindDeviceWrite(uint word)
    {
        int ra = (int)((Word >> 16) & 31);
        int rb = (int)((Word >> 11) & 31);
        int rt = (int)((Word >> 21) & 31);
        ulong real = S->Gpr[ra] + S->Gpr[rb];
        bool firmware = (S->Msr & (State.Msr.DR | State.Msr.LE | State.Msr.HV)) == State.Msr.HV && S->Spr[SprNumber.HRMOR] == 0;
        if (!firmware || ra == 0 || rt == ra || rt == rb || real > Peer.Memory - 4)
            return null;
        return BinaryPrimitives.ReadUInt32BigEndian(peerRam!.Bytes.Slice((int)real, 4)) == word ? real : null;
    }

    /// <summary>Takes over the page that such a load read.</summary>
    public void TakeDeviceWrite()
    {
        int page = (int)((S->Gpr[(int)((Word >> 16) & 31)] + S->Gpr[(int)((Word >> 11) & 31)]) & ~0xFFFUL);
        peerRam!.Bytes.Slice(page, 0x1000).CopyTo(Ram[page..]);
        Memory.InvalidateCode((ulong)page, 0x1000);
        DeviceWrittenPages.Add(page);
    }

    /// <summary>Pages that devices wrote to in this window.</summary>
    public HashSet<int> DeviceWrittenPages { get; } = [];

    /// <summary>RAM of the peer, as it is now.</summary>
    public ReadOnlySpan<byte> PeerRam => peerRam!.Bytes;

    /// <summary>The registers as they are now. The same object each time.</summary>
    public RegisterSet Registers()
    {
        Span<ulong> values = registers.Values;
        values[Field.NIA] = S->Nia;
        values[Field.MSR] = S->Msr;
        values[Field.CR] = S->CrWord;
        values[Field.XER] = S->Xer;
        values[Field.FPSCR] = S->Fpscr;
        values[Field.Reservation] = S->ReserveValid;
        for (int field = 0; field < Field.Gpr0; field++)
        {
            if (SprOf(field) is int number and not 0)
                values[field] = S->Spr[number];
        }

        new Span<ulong>(S->Gpr, 32).CopyTo(values[Field.Gpr0..]);
        for (int k = 0; k < 32; k++)
            values[Field.Fpr0 + k] = S->Vsr[(2 * k) + 1];
        return registers;
    }

    /// <summary>Gives a register a value.</summary>
    public void Set(int field, ulong value)
    {
        switch (field)
        {
            case Field.NIA:
                S->Nia = value;
                break;
            case Field.MSR:
                Cpu.SetMsr(value);
                break;
            case Field.CR:
                S->CrWord = (uint)value;
                break;
            case Field.XER:
                S->Xer = value;
                break;
            case Field.FPSCR:
                S->Fpscr = value;
                break;
            case Field.Reservation:
                S->ReserveValid = (uint)value;
                break;
            case >= Field.Fpr0:
                S->Vsr[(2 * (field - Field.Fpr0)) + 1] = value;
                break;
            case >= Field.Gpr0:
                S->Gpr[field - Field.Gpr0] = value;
                break;
            default:
                Cpu.WriteSpr(SprOf(field), value);
                break;
        }
    }

    bool IMmioBus.Answers(ulong real) => true;

    ulong IMmioDevice.Read(ulong offset, int size)
    {
        DeviceReads++;
        return 0;
    }

    void IMmioDevice.Write(ulong offset, int size, ulong value) => DeviceWrites++;

    void IInstructionObserver.Before(Cpu cpu, ulong address, uint word)
    {
        (Address, Word) = (address, word);
        undefined = UndefinedTarget(word) is { } vsr ? (vsr, S->Vsr[2 * vsr]) : null;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
        NativeMemory.Free(before);
    }

    private static int SprOf(int field) => field switch
    {
        Field.LR => SprNumber.LR,
        Field.CTR => SprNumber.CTR,
        Field.SRR0 => SprNumber.SRR0,
        Field.SRR1 => SprNumber.SRR1,
        Field.HSRR0 => SprNumber.HSRR0,
        Field.HSRR1 => SprNumber.HSRR1,
        Field.CFAR => SprNumber.CFAR,
        Field.LPCR => SprNumber.LPCR,
        Field.PTCR => SprNumber.PTCR,
        Field.DAR => SprNumber.DAR,
        Field.DSISR => SprNumber.DSISR,
        Field.VRSAVE => SprNumber.VRSAVE,
        >= Field.SPRG0 and < Field.SPRG0 + 4 => SprNumber.SPRG0 + field - Field.SPRG0,
        _ => 0,
    };

    private void KeepLowHalf()
    {
        KeptLowHalf = undefined is { } half && Cpu.Deliveries == deliveriesBefore && S->Vsr[2 * half.Vsr] != half.Value;
        if (KeptLowHalf)
            S->Vsr[2 * undefined!.Value.Vsr] = undefined.Value.Value;
    }

    // The VSR whose doubleword 1 an instruction leaves undefined, or null.
    private static int? UndefinedTarget(uint word)
    {
        if (word >> 26 is not (31 or 57) || InstructionTable.Instance.Find(word) is not { } row || !KnownVectorDeviations.UndefinedLowHalf.Contains(row.Declaration.Mnemonic))
            return null;
        int target = (int)((word >> 21) & 31);

        // lxsd and lxssp have a VR, the others XT.
        return row.Declaration.Opcode == 57 ? target + 32 : target | (int)((word & 1) << 5);
    }

    private void StopTimers()
    {
        Cpu.WriteSpr(SprNumber.DEC, FarAway);
        Cpu.WriteSpr(SprNumber.HDEC, FarAway);
    }

    private void Pend(PendingInterrupt which)
    {
        Cpu.SetPending(which, true);
        Cpu.Execute(0);
        Cpu.SetPending(which, false);
    }
}
