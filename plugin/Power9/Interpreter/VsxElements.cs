using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Applies an operation to all elements of VSRs and commits the vector.</summary>
internal static unsafe class VsxElements
{
    /// <summary>
    /// Elements of VSRs a, b and c through <typeparamref name="TOperation"/> into VSR T: two doubles if
    /// <typeparamref name="TDouble"/>, else four singles.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Map<TDouble, TOperation>(CpuState* s, Insn* i, int a, int b, int c)
        where TDouble : struct, IFlag
        where TOperation : struct, IElementOperation
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        FpEnvironment env = FpCommit.Environment(s);
        if (TDouble.Set)
        {
            FpResult high = TOperation.Apply<Binary64>(FpCommit.Scalar(s, a), FpCommit.Scalar(s, b), FpCommit.Scalar(s, c), env);
            FpResult low = TOperation.Apply<Binary64>(FpCommit.Low(s, a), FpCommit.Low(s, b), FpCommit.Low(s, c), env);
            return FpCommit.Vector(s, i, high.Status | low.Status, high.Bits, low.Bits);
        }

        FpResult upper = Singles<TOperation>(FpCommit.Scalar(s, a), FpCommit.Scalar(s, b), FpCommit.Scalar(s, c), env);
        FpResult lower = Singles<TOperation>(FpCommit.Low(s, a), FpCommit.Low(s, b), FpCommit.Low(s, c), env);
        return FpCommit.Vector(s, i, upper.Status | lower.Status, upper.Bits, lower.Bits);
    }

    private static FpResult Singles<TOperation>(ulong a, ulong b, ulong c, FpEnvironment env)
        where TOperation : struct, IElementOperation
    {
        FpResult high = TOperation.Apply<Binary32>(a >> 32, b >> 32, c >> 32, env);
        FpResult low = TOperation.Apply<Binary32>((uint)a, (uint)b, (uint)c, env);
        return new((high.Bits << 32) | low.Bits, high.Status | low.Status);
    }
}
