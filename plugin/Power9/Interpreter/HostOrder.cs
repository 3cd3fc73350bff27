using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// What the host must do for barriers of the guest while several CPUs execute at the same time. A handler is a method that is called through a pointer, so accesses of two
/// instructions never change places in compiled code; the host's memory model is all that counts.
/// </summary>
internal static unsafe class HostOrder
{
    /// <summary>sync, ptesync: everything before, then everything behind. Every host may let a load pass an earlier store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Heavy(CpuState* s)
    {
        if (s->Concurrent != 0)
            Interlocked.MemoryBarrier();
    }

    /// <summary>lwsync, eieio, isync: loads and stores in order, but a load may pass an earlier store. x86 keeps that order anyway (Intel SDM volume 3, 9.2.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Light(CpuState* s)
    {
        if (!X86Base.IsSupported)
            Heavy(s);
    }
}
