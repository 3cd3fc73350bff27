using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>
/// A CPU and memory without any software. Normal memory from 0, secure memory from real-address bit 15. A partition table with a host (LPID 0) and a
/// guest (LPID 1) stands ready; tests add pages, place a few instructions, run to an interrupt and look at the state.
/// </summary>
internal sealed unsafe class BareMachine : IDisposable, ISecureMemoryMonitor
{
    public const ulong MemorySize = 64 << 20;
    public const ulong SecureBase = 1UL << 48;
    public const ulong SecureSize = 64 << 20;

    /// <summary>Partition table: 4096 entries of 16 bytes.</summary>
    public const ulong PartitionTable = 0x100000;

    /// <summary>Code in real mode.</summary>
    public const ulong Code = 0x20000;

    /// <summary>Data in real mode.</summary>
    public const ulong Data = 0x40000;

    /// <summary>Real address of the guest's memory.</summary>
    public const ulong GuestBase = 32 << 20;

    public const ulong GuestSize = 16 << 20;

    /// <summary>Process table of the host and of the guest (the latter a guest real address): 256 entries.</summary>
    public const ulong ProcessTable = 0x200000;

    /// <summary>LPIDR of the guest.</summary>
    public const ulong Lpid = 1;

    /// <summary>LPIDR of the secure guest: the same tables, all in secure memory.</summary>
    public const ulong SecureLpid = 2;

    /// <summary>Real address of the secure guest's memory.</summary>
    public const ulong SecureGuestBase = SecureBase + (16 << 20);

    /// <summary>Where processes see the first 2 MiB of their partition.</summary>
    public const ulong UserBase = 0x70000000;

    /// <summary>PIDR of host and guest.</summary>
    public const ulong Pid = 5;

    /// <summary>Where host and guest kernels see their memory: quadrant 3.</summary>
    public const ulong KernelBase = 0xC000000000000000;

    public const ulong HypervisorMsr = Msr.SF | Msr.HV | Msr.ME | Msr.LE | Msr.RI;
    public const ulong GuestMsr = Msr.SF | Msr.ME | Msr.LE | Msr.RI;
    public const ulong Relocated = Msr.IR | Msr.DR;
    public const ulong Problem = Msr.PR | Msr.EE | Msr.IR | Msr.DR;

    private const ulong HostRadix = 1UL << 63;

    public BareMachine()
    {
        Memory.AddRam(0, MemorySize, secure: false);
        Memory.AddRam(SecureBase, SecureSize, secure: true);
        Memory.Monitor = this;
        HostTables = new TableSpace(Memory, 0, 0x300000);
        GuestTables = new TableSpace(Memory, GuestBase, 0x300000);
        HostProcess = new RadixTree(HostTables);
        HostKernel = new RadixTree(HostTables);
        HostProcess.Map(UserBase, 0, RadixTree.Size2M, RadixTree.OpenPage);
        HostKernel.MapRange(KernelBase, 0, MemorySize, RadixTree.Size2M, RadixTree.KernelPage);
        SetPate(0, HostRadix | HostProcess.Root, ProcessTable);
        SetProcess(HostTables, 0, HostKernel);
        SetProcess(HostTables, Pid, HostProcess);
        (GuestPartition, GuestKernel, GuestProcess) = MakeGuest(Lpid, GuestBase, HostTables, GuestTables);
        Cpu = new Cpu(Memory, 0);
        this[SprNumber.PTCR] = PartitionTable | 4;
        this[SprNumber.LPIDR] = Lpid;
        this[SprNumber.PIDR] = Pid;
        this[SprNumber.LPCR] = Lpcr.HR | Lpcr.UPRT;
        this[SprNumber.HFSCR] = 0xFFF;
        this[SprNumber.HID] = Hid0.HILE;
    }

    public PhysicalMemory Memory { get; } = new();

    public Cpu Cpu { get; }

    public CpuState* S => Cpu.State;

    /// <summary>Quadrant 0 of the host's process.</summary>
    public RadixTree HostProcess { get; }

    /// <summary>Quadrant 3 of the host: all normal memory with 2 MiB pages.</summary>
    public RadixTree HostKernel { get; }

    /// <summary>Guest real memory, 64 KiB pages.</summary>
    public RadixTree GuestPartition { get; }

    public RadixTree GuestProcess { get; }

    /// <summary>Quadrant 3 of the guest: all its memory with 2 MiB pages.</summary>
    public RadixTree GuestKernel { get; }

    /// <summary>Refused accesses to secure memory.</summary>
    public List<SecureViolation> Violations { get; } = [];

    /// <summary>Answer to a violation, see <see cref="ISecureMemoryMonitor"/>.</summary>
    public bool GoOnAfterViolation { get; set; } = true;

    /// <summary>Table entries by the addresses that the host's trees and the partition's tree hold.</summary>
    public TableSpace HostTables { get; }

    /// <summary>Table entries of the guest by guest real address.</summary>
    public TableSpace GuestTables { get; }

    /// <summary>An SPR, as software without any privilege check would read and write it.</summary>
    public ulong this[int spr]
    {
        get => SprTable.Find(spr)!.Special ? Cpu.ReadSpecialSpr(spr) : S->Spr[spr];
        set
        {
            if (SprTable.Find(spr)!.Special)
                Cpu.WriteSpecialSpr(spr, value);
            else
                S->Spr[spr] = value;
        }
    }

    public bool Violation(in SecureViolation violation)
    {
        Violations.Add(violation);
        return GoOnAfterViolation;
    }

    /// <summary>Writes a partition table entry.</summary>
    public void SetPate(ulong lpid, ulong dw0, ulong dw1)
    {
        HostTables.Write(PartitionTable + (lpid << 4), dw0);
        HostTables.Write(PartitionTable + (lpid << 4) + 8, dw1);
    }

    public static void SetProcess(TableSpace space, ulong pid, RadixTree tree) => space.Write(ProcessTable + (pid << 4), tree.Root);

    /// <summary>Puts instructions at a real address, in the byte order that <see cref="Msr.LE"/> asks for.</summary>
    public BareMachine Put(ulong real, params uint[] words) => PutIn(real, littleEndian: true, words);

    public BareMachine PutIn(ulong real, bool littleEndian, params uint[] words)
    {
        for (int k = 0; k < words.Length; k++)
        {
            uint word = littleEndian ? words[k] : BinaryPrimitives.ReverseEndianness(words[k]);
            *(uint*)Host(real + (4 * (ulong)k)) = word;
        }

        Memory.InvalidateCode(real, 4 * (ulong)words.Length);
        return this;
    }

    public byte* Host(ulong real)
    {
        byte* place = Memory.Pointer(real, 1);
        return place != null ? place : throw new ArgumentOutOfRangeException(nameof(real), $"no memory at 0x{real:x}");
    }

    /// <summary>A doubleword of memory, little-endian.</summary>
    public ref ulong Word(ulong real) => ref *(ulong*)Host(real);

    /// <summary>Puts instructions in place and is about to execute them.</summary>
    public BareMachine Enter(Context context, params uint[] words)
    {
        PutIn(context.CodeReal, (context.Msr & Msr.LE) != 0, words);
        this[SprNumber.LPIDR] = context.IsSvm ? SecureLpid : Lpid;
        return At(context.CodeAddress, context.Msr);
    }

    /// <summary>Is about to make one access of GPR 4 at an address; a fetch is a jump there.</summary>
    public BareMachine Access(Context context, AccessKind kind, ulong ea)
    {
        S->Gpr[3] = ea;
        return kind switch
        {
            AccessKind.Load => Enter(context, Assembler.Word("ld", 4, 0, 3)),
            AccessKind.Store => Enter(context, Assembler.Word("std", 4, 0, 3)),
            _ => Enter(context).At(ea, context.Msr),
        };
    }

    /// <summary>Continues at an address with an MSR.</summary>
    public BareMachine At(ulong nia, ulong msr)
    {
        S->Nia = nia;
        Cpu.SetMsr(msr);
        return this;
    }

    /// <summary>Turns the Secure Memory Facility on and makes the secure guest.</summary>
    public BareMachine WithSecureGuest()
    {
        var tables = new TableSpace(Memory, SecureGuestBase, 0x300000);
        MakeGuest(SecureLpid, SecureGuestBase, new TableSpace(Memory, 0, SecureBase + 0x300000), tables);
        S->Spr[SprNumber.SMFCTRL] = SmfCtrl.E | SmfCtrl.WakeUp;
        S->Spr[SprNumber.URMOR] = SecureBase;
        return this;
    }

    public ulong Nia => S->Nia;

    public ulong CurrentMsr => S->Msr;

    public ulong Gpr(int register) => S->Gpr[register];

    public BareMachine WithGpr(int register, ulong value)
    {
        S->Gpr[register] = value;
        return this;
    }

    /// <summary>Executes one instruction at a time until an interrupt was taken.</summary>
    /// <returns>This machine.</returns>
    /// <exception cref="InvalidOperationException">None was taken within the limit, or the CPU stopped.</exception>
    public BareMachine RunToInterrupt(int limit = 64)
    {
        long before = Cpu.Deliveries;
        for (int k = 0; k < limit && Cpu.Deliveries == before; k++)
        {
            if (Cpu.StopReason is { } reason)
                throw new InvalidOperationException(reason);

            // What is pending is taken before an instruction; the vector's must not execute.
            if (Cpu.Execute(0) == 0 && Cpu.Deliveries == before)
                Cpu.Execute(1);
        }

        return Cpu.Deliveries != before ? this : throw new InvalidOperationException($"no interrupt within {limit} instructions; at 0x{S->Nia:x}");
    }

    /// <summary>Executes so many instructions, none of which may interrupt.</summary>
    public BareMachine Run(int count)
    {
        for (int k = 0; k < count; k++)
            Step();
        return this;
    }

    public void Step()
    {
        long before = Cpu.Deliveries;
        ulong nia = S->Nia;
        Cpu.Execute(1);
        if (Cpu.StopReason is { } reason)
            throw new InvalidOperationException(reason);
        if (Cpu.Deliveries != before)
            throw new InvalidOperationException($"interrupt to 0x{S->Nia:x} by the instruction at 0x{nia:x}, DSISR 0x{S->Spr[SprNumber.DSISR]:x}, HDSISR 0x{S->Spr[SprNumber.HDSISR]:x}");
    }

    /// <summary>Asserts an interrupt through SRR0 and SRR1; <paramref name="cause"/> is what SRR1 33:36 and 42:47 hold.</summary>
    public void ExpectSrr(Vector vector, ulong address, ulong cause, ulong oldMsr) =>
        Expect(vector, SprNumber.SRR0, SprNumber.SRR1, address, cause, oldMsr);

    /// <summary>The same for HSRR0 and HSRR1.</summary>
    public void ExpectHsrr(Vector vector, ulong address, ulong cause, ulong oldMsr) =>
        Expect(vector, SprNumber.HSRR0, SprNumber.HSRR1, address, cause, oldMsr);

    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
    }

    private (RadixTree Partition, RadixTree Kernel, RadixTree Process) MakeGuest(ulong lpid, ulong real, TableSpace hostTables, TableSpace guestTables)
    {
        var partition = new RadixTree(hostTables);
        var kernel = new RadixTree(guestTables);
        var process = new RadixTree(guestTables);
        partition.MapRange(0, real, GuestSize, RadixTree.Size64K, RadixTree.OpenPage);
        kernel.MapRange(KernelBase, 0, GuestSize, RadixTree.Size2M, RadixTree.KernelPage);
        process.Map(UserBase, 0, RadixTree.Size2M, RadixTree.OpenPage);
        SetPate(lpid, HostRadix | partition.Root, ProcessTable);
        SetProcess(guestTables, 0, kernel);
        SetProcess(guestTables, Pid, process);
        return (partition, kernel, process);
    }

    // SRR1 33:36 and 42:47 hold the cause, all other bits the old MSR (ISA 3.0B Book III 6.2.1, 6.5).
    private void Expect(Vector vector, int saved, int status, ulong address, ulong cause, ulong oldMsr)
    {
        const ulong CauseMask = 0x783F0000;
        ulong offset = S->Nia & 0x3FFF;
        Assert.Multiple(() =>
        {
            Assert.That((Vector)offset, Is.EqualTo(vector), "vector");
            Assert.That(this[saved], Is.EqualTo(address), "saved address");
            Assert.That(this[status] & CauseMask, Is.EqualTo(cause), "cause");
            Assert.That(this[status] & ~CauseMask, Is.EqualTo(oldMsr & ~CauseMask), "saved MSR");
        });
    }
}
