using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>A trace as a host method. It lives as long as this object.</summary>
internal sealed class CompiledTrace
{
    private static readonly MethodInfo Descriptor = typeof(DynamicMethod).GetMethod("GetMethodDescriptor", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new PlatformNotSupportedException("this runtime gives no handle of a dynamic method");

    private readonly DynamicMethod method;

    public CompiledTrace(DynamicMethod method, IReadOnlyList<RecordedSlot> slots, bool loops, int translated)
    {
        this.method = method;
        Slots = slots;
        Loops = loops;
        Translated = translated;
        var handle = (RuntimeMethodHandle)Descriptor.Invoke(method, null)!;
        RuntimeHelpers.PrepareMethod(handle);
        Entry = handle.GetFunctionPointer();
    }

    /// <summary>A handler for the first slot.</summary>
    public nint Entry { get; }

    public IReadOnlyList<RecordedSlot> Slots { get; }

    public bool Loops { get; }

    /// <summary>Instructions that are no calls of handlers.</summary>
    public int Translated { get; }
}
