using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>One POWER9 hardware thread: owns the state, the address spaces and the run loop. Split by concern over the Cpu.*.cs files.</summary>
public sealed unsafe partial class Cpu : IDisposable
{
    /// <summary>POWER9 Nimbus DD2.3, the first with the Secure Memory Facility.</summary>
    public const uint DefaultPvr = 0x004E1203;

    private GCHandle handle;

    /// <summary>Creates a thread in the reset state of <see cref="Reset"/>.</summary>
    /// <param name="memory">Real address space, shared by the group.</param>
    /// <param name="pir">Processor Identification Register.</param>
    /// <param name="group">The machine's CPUs; the new one joins.</param>
    public Cpu(PhysicalMemory memory, uint pir, CpuGroup? group = null)
    {
        Memory = memory;
        Pir = pir;
        Group = group ?? new CpuGroup();
        Group.Join(this);
        Breakpoints = new BreakpointSet(memory.Code);
        Watch = new WatchSet(spaces);
        State = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);
        monitor = new PerformanceMonitor(State);
        handle = GCHandle.Alloc(this, GCHandleType.Weak);
        memory.Replaced += spaces.FlushAll;
        memory.Code.Dropping += spaces.FlushCode;
        memory.Code.Protecting += spaces.ProtectRealPage;
        memory.Code.Releasing += spaces.ForgetCode;
        Reset();
    }

    /// <summary>Architected state.</summary>
    public CpuState* State { get; private set; }

    /// <summary>Real address space.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Processor Identification Register.</summary>
    public uint Pir { get; }

    /// <summary>All CPUs of the machine.</summary>
    public CpuGroup Group { get; }

    /// <summary>Who answers the firmware trap instruction, or null: the word is then illegal.</summary>
    public IFirmware? Firmware { get; set; }

    /// <summary>The CPU that owns a state. Slow paths only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Cpu Of(CpuState* s) => Unsafe.As<Cpu>(GCHandle.FromIntPtr(s->CpuHandle).Target!);

    /// <summary>Power-on state: hypervisor real mode, 64-bit big-endian, machine checks enabled, everything else 0.</summary>
    public void Reset()
    {
        NativeMemory.Clear(State, (nuint)sizeof(CpuState));
        State->CpuHandle = GCHandle.ToIntPtr(handle);
        State->Concurrent = (byte)(Group.Exclusion is null ? 0 : 1);
        State->Spr[SprNumber.PVR] = DefaultPvr;
        State->Spr[SprNumber.PIR] = Pir;
        FollowSprs();
        decExpiry = hdecExpiry = Never;
        hdecArmed = true;
        pending = PendingInterrupt.None;
        Stopped = false;
        StopReason = null;
        passing = StoppedAtBreakpoint = postponed = refused = false;
        spaces.FlushAll();
        SetMsr(Msr.SF | Msr.HV | Msr.ME);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (State == null)
            return;
        Breakpoints.Clear();
        State->Spr[SprNumber.CIABR] = 0;
        FollowCiabr();
        Memory.Replaced -= spaces.FlushAll;
        Memory.Code.Dropping -= spaces.FlushCode;
        Memory.Code.Protecting -= spaces.ProtectRealPage;
        Memory.Code.Releasing -= spaces.ForgetCode;
        NativeMemory.AlignedFree(State);
        State = null;
        spaces.Dispose();
        handle.Free();
    }
}
