using System.Collections.Concurrent;
using System.Reflection;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What is known of a method that trees call; found out once.</summary>
internal sealed class Callee
{
    private static readonly ConcurrentDictionary<MethodBase, Callee> All = new();

    private Callee(MethodBase method)
    {
        Folds = CallTarget.Folds(method);
        Intrinsic = X86.Intrinsics.Of(method);
        Vector = X86.VectorOperation.Of(method);
    }

    /// <summary>Can be called at once if its arguments are known.</summary>
    public bool Folds { get; }

    /// <summary>The code generator's instructions for it.</summary>
    public X86.Intrinsic Intrinsic { get; }

    /// <summary>The vector instruction that it is, if any.</summary>
    public X86.VectorOperation? Vector { get; }

    public static Callee Of(MethodBase method) => All.GetOrAdd(method, static method => new Callee(method));
}
