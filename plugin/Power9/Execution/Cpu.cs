using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>One POWER9 hardware thread: owns the state, the address spaces and the run loop. Split by concern over the Cpu.*.cs files.</summary>
public sealed unsafe partial class Cpu : IDisposable
{
    private GCHandle handle;

    /// <summary>Creates a thread in the reset state of <see cref="Reset"/>.</summary>
    public Cpu(PhysicalMemory memory, uint pir)
    {
        Memory = memory;
        Pir = pir;
        State = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);
        handle = GCHandle.Alloc(this, GCHandleType.Weak);
        Reset();
    }

    /// <summary>Architected state.</summary>
    public CpuState* State { get; private set; }

    /// <summary>Real address space.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Processor Identification Register.</summary>
    public uint Pir { get; }

    /// <summary>The CPU that owns a state. Slow paths only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Cpu Of(CpuState* s) => Unsafe.As<Cpu>(GCHandle.FromIntPtr(s->CpuHandle).Target!);

    /// <summary>Power-on state: hypervisor real mode, 64-bit big-endian, everything else 0.</summary>
    public void Reset()
    {
        NativeMemory.Clear(State, (nuint)sizeof(CpuState));
        State->CpuHandle = GCHandle.ToIntPtr(handle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (State == null)
            return;
        NativeMemory.AlignedFree(State);
        State = null;
        handle.Free();
    }
}
