using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Sizes of types and offsets of fields, as the JIT lays them out.</summary>
internal static unsafe class Layout
{
    // The JIT may look whether the object is there.
    private static readonly nint Readable = (nint)NativeMemory.AllocZeroed(0x10000);

    private static readonly ConcurrentDictionary<Type, int> Sizes = new();
    private static readonly ConcurrentDictionary<FieldInfo, int> Offsets = new();

    public static int SizeOf(Type type) => Sizes.GetOrAdd(type, static type => Evaluate(il => il.Emit(OpCodes.Sizeof, type)));

    /// <summary>Of a field of a value type without references.</summary>
    public static int OffsetOf(FieldInfo field) => Offsets.GetOrAdd(field, static field => Evaluate(il =>
    {
        il.Emit(OpCodes.Ldc_I8, (long)Readable);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldc_I8, (long)Readable);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
    }));

    private static int Evaluate(Action<ILGenerator> emit)
    {
        var method = new DynamicMethod("Layout", typeof(int), Type.EmptyTypes, typeof(Layout).Module, skipVisibility: true);
        emit(method.GetILGenerator());
        method.GetILGenerator().Emit(OpCodes.Ret);
        return ((Func<int>)method.CreateDelegate(typeof(Func<int>)))();
    }
}
