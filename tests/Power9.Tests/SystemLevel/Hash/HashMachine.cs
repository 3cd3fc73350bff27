using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>
/// The bare machine with hashed page tables for hypervisor (LPID 0) and guest (LPID 1). Kernels see the first 16 MiB of their memory at
/// <see cref="BareMachine.KernelBase"/>, programs the same at <see cref="BareMachine.UserBase"/>.
/// </summary>
internal sealed class HashMachine : IDisposable
{
    public static readonly Segment Kernel = new(BareMachine.KernelBase, 0x123456, 24, IsLarge: true);
    public static readonly Segment User = new(BareMachine.UserBase & ~0xFFFFFFFUL, 0xABCDE, 24, IsLarge: false, Flags: 0x480);

    /// <summary>The virtual real mode area: VSID 0x1FFFFFF, 16 MiB pages.</summary>
    public static readonly Segment Vrma = new(0, 0x1FFFFFF, 24, IsLarge: true, Flags: 0);

    /// <summary>256 MiB segment 2, of which tests make what they want.</summary>
    public const ulong Small = 0x20000000;

    /// <summary>1 TiB segment 5, likewise.</summary>
    public const ulong Large = 0x50000000000;

    /// <summary>PATE[PS]: L || LP = 100.</summary>
    public const ulong VrmaPages16M = 0x80;

    /// <param name="vpm">LPCR[VPM].</param>
    public HashMachine(bool vpm = true)
    {
        HostTable = new HashTable(Machine.HostTables);
        GuestTable = new HashTable(Machine.HostTables);
        Machine.SetPate(0, HostTable.Pate, 0);
        Machine.SetPate(BareMachine.Lpid, GuestTable.Pate | VrmaPages16M, 0);
        Machine[SprNumber.LPCR] = vpm ? Lpcr.VPM : 0;
        Load(0, Kernel);
        Load(1, User);
        foreach (Segment segment in new[] { Kernel, User })
        {
            HostTable.Map(segment, segment.Esid, 0, 24, HashTable.OpenPage);
            GuestTable.Map(segment, segment.Esid, BareMachine.GuestBase, 24, HashTable.OpenPage);
        }

        GuestTable.Map(Vrma, 0, BareMachine.GuestBase, 24, HashTable.OpenPage);
    }

    public BareMachine Machine { get; } = new();

    public HashTable HostTable { get; }

    public HashTable GuestTable { get; }

    /// <summary>Puts a segment into the lookaside buffer, as slbmte does.</summary>
    public void Load(int index, Segment segment) => Machine.Cpu.WriteSegment(segment.Entry(index), segment.Descriptor);

    public HashTable TableOf(Context context) => IsHost(context) ? HostTable : GuestTable;

    /// <summary>Is about to execute instructions in a context; in the hypervisor's LPIDR is 0.</summary>
    public BareMachine Enter(Context context, params uint[] words)
    {
        Machine.Enter(context, words);
        Machine[SprNumber.LPIDR] = IsHost(context) ? 0 : BareMachine.Lpid;
        return Machine;
    }

    /// <summary>Is about to make one access.</summary>
    public BareMachine Access(Context context, AccessKind kind, ulong ea)
    {
        Machine.Access(context, kind, ea);
        Machine[SprNumber.LPIDR] = IsHost(context) ? 0 : BareMachine.Lpid;
        return Machine;
    }

    /// <summary>Loads a doubleword.</summary>
    public ulong Read(Context context, ulong ea) => Access(context, AccessKind.Load, ea).Run(1).Gpr(4);

    /// <summary>Executes one instruction in hypervisor real mode with RB in GPR 6, RS in GPR 7, while LPIDR is the guest's if <paramref name="forGuest"/>.</summary>
    public void Manage(uint word, ulong rb, ulong rs, bool forGuest = false)
    {
        Machine.Enter(Context.HostReal, word).WithGpr(6, rb).WithGpr(7, rs);
        Machine[SprNumber.LPIDR] = forGuest ? BareMachine.Lpid : 0;
        Machine.Run(1);
    }

    public void Dispose() => Machine.Dispose();

    private static bool IsHost(Context context) => (context.Msr & Msr.HV) != 0;
}
