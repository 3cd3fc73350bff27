using System.Reflection;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What a call in IL calls, looked up once.</summary>
internal sealed unsafe class CallTarget
{
    private CallTarget(MethodBase method)
    {
        Method = method;
        ParameterInfo[] parameters = method.GetParameters();
        Count = parameters.Length + (method.IsStatic ? 0 : 1);
        Result = method is MethodInfo info ? info.ReturnType : typeof(void);
        NeedsState = Array.Exists(parameters, p => p.ParameterType == typeof(CpuState*) || p.ParameterType == typeof(Insn*));
        MethodImplAttributes flags = method.MethodImplementationFlags;
        IsOwn = method.DeclaringType?.Assembly == typeof(CallTarget).Assembly && (flags & MethodImplAttributes.NoInlining) == 0 && X86.Intrinsics.Of(method) == X86.Intrinsic.None;
        WantsInlining = (flags & MethodImplAttributes.AggressiveInlining) != 0;
        SkipsInit = method.DeclaringType == typeof(Unsafe) && method.Name == nameof(Unsafe.SkipInit);
        GivesAddress = method.DeclaringType == typeof(Unsafe) && method.Name == nameof(Unsafe.AsPointer);
        IsVirtual = method.IsAbstract || (method.IsVirtual && !method.DeclaringType!.IsValueType);
        if (Count == 0 && Result == typeof(bool) && method is MethodInfo getter && (IsFlagOrMode(getter) || IsFeature(getter)))
            Value = (bool)getter.Invoke(null, null)!;
    }

    public MethodBase Method { get; }

    /// <summary>Arguments, the object included.</summary>
    public int Count { get; }

    public Type Result { get; }

    /// <summary>Has a parameter for the state or the slot.</summary>
    public bool NeedsState { get; }

    /// <summary>A method of this library that may be followed.</summary>
    public bool IsOwn { get; }

    public bool WantsInlining { get; }

    public bool SkipsInit { get; }

    public bool GivesAddress { get; }

    public bool IsVirtual { get; }

    /// <summary>What a flag or mode says.</summary>
    public bool? Value { get; }

    /// <summary>Whether a method gives the same for the same numbers, and can be called to find out.</summary>
    public static bool Folds(MethodBase method) => method.DeclaringType == typeof(System.Numerics.BitOperations) && method is MethodInfo info && info.ReturnType == typeof(int);

    /// <summary>What it gives for numbers.</summary>
    public static Constant? Fold(MethodBase method, Node[] arguments)
    {
        ParameterInfo[] parameters = method.GetParameters();
        var values = new object[arguments.Length];
        for (int k = 0; k < values.Length; k++)
        {
            long number = ((Constant)arguments[k]).Value;
            if (parameters[k].ParameterType == typeof(uint))
                values[k] = (uint)number;
            else if (parameters[k].ParameterType == typeof(ulong))
                values[k] = (ulong)number;
            else
                return null;
        }

        return new Constant((int)method.Invoke(null, values)!, Kind.Int);
    }

    /// <summary>Set after following it failed, so that it is not tried again: nothing in it depends on operands as a rule.</summary>
    public int Failures { get; set; }

    /// <summary>The target of a call; a static abstract member is found by the type before it.</summary>
    public static CallTarget Of(IlInstruction call, IlInstruction? before)
    {
        var method = (MethodBase)call.Member!;
        if (before is { Name: "constrained." })
        {
            var type = (Type)before.Member!;
            Type[] types = [.. method.GetParameters().Select(p => p.ParameterType)];
            MethodInfo? bound = method.IsGenericMethod ? null : type.GetMethod(method.Name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, types);
            method = bound ?? throw new UntranslatableException($"{type.Name}.{method.Name}");
        }

        return new CallTarget(method);
    }

    // What the host's processor can do is a constant to the JIT, too.
    private static bool IsFeature(MethodInfo getter) =>
        getter.Name == "get_IsSupported" && getter.DeclaringType!.Namespace?.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) == true;

    private static bool IsFlagOrMode(MethodInfo getter) => typeof(IFlag).IsAssignableFrom(getter.DeclaringType) || typeof(IMode).IsAssignableFrom(getter.DeclaringType);
}
