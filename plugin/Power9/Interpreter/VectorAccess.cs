using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Sixteen-byte storage access. Like <see cref="Access"/>, but values stay in one host vector register: two halves stored apart and then read as one vector
/// would cost the host a failed store forwarding. The slow path has its bytes in the state, so that no local needs an address.
/// </summary>
internal static unsafe class VectorAccess
{
    /// <summary>Host address of the 16 bytes at <paramref name="ea"/>, or null after the interrupt that the access causes was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* Source(CpuState* s, Insn* i, ulong ea)
    {
        TlbEntry* entry = Access.Entry(s, ea);
        return entry->ReadTag == ((ea + 15) & ~0xFFFUL) ? (Vector128<byte>*)((nint)ea + entry->Addend) : SourceSlow(s, i, ea);
    }

    /// <summary>Storage order to number and back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Order<TMode>(Vector128<byte> value)
        where TMode : struct, IMode => TMode.LittleEndian ? value : Lanes.ReverseBytes(value);

    /// <summary>Stores a number and goes on; null after the interrupt that the access causes was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Store<TMode>(CpuState* s, Insn* i, ulong ea, Vector128<byte> value)
        where TMode : struct, IMode
    {
        TlbEntry* entry = Access.Entry(s, ea);
        if (entry->WriteTag != ((ea + 15) & ~0xFFFUL))
            return StoreSlow(s, i, ea, Order<TMode>(value));
        *(Vector128<byte>*)((nint)ea + entry->Addend) = Order<TMode>(value);
        return i + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte>* SourceSlow(CpuState* s, Insn* i, ulong ea) =>
        Cpu.LoadSlow(s, i, ea, (byte*)s->AccessBuffer, 16) ? (Vector128<byte>*)s->AccessBuffer : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Insn* StoreSlow(CpuState* s, Insn* i, ulong ea, Vector128<byte> raw)
    {
        *(Vector128<byte>*)s->AccessBuffer = raw;
        return Cpu.StoreSlow(s, i, ea, (byte*)s->AccessBuffer, 16) ? i + 1 : null;
    }
}
