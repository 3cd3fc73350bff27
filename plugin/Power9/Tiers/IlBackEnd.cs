using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Traces as methods of the runtime: for every host, at some milliseconds a trace.</summary>
/// <param name="limit">Traces that fill it.</param>
internal sealed class IlBackEnd(int limit = IlBackEnd.UsualLimit) : IBackEnd
{
    // A method costs some 20 KiB.
    private const int UsualLimit = 20_000;

    private static readonly MethodInfo Descriptor = typeof(DynamicMethod).GetMethod("GetMethodDescriptor", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new PlatformNotSupportedException("this runtime gives no handle of a dynamic method");

    private int made;

    public string Name => "il";

    public Hotness Usual { get; } = new(5_000, 32);

    // The runtime's compiler may join or move them.
    public bool MarksWork { get; set; }

    public bool KeepsOrder => false;

    public bool Full => made >= limit;

    public long CodeSize => 0;

    public IEnumerable<CompiledTrace> Compile(RecordedTrace trace, nint epoch)
    {
        made++;
        return [Compile(trace.Slots, trace.Loops, epoch)];
    }

    /// <summary>One trace.</summary>
    /// <param name="slots">Its instructions in order of execution.</param>
    /// <param name="loops">Whether the first follows the last.</param>
    /// <param name="epoch">Address of a number that changes when decoded code changes.</param>
    public static CompiledTrace Compile(IReadOnlyList<RecordedSlot> slots, bool loops, nint epoch)
    {
        DynamicMethod method = TraceCompiler.Compile(slots, loops, epoch, out int translated);
        var handle = (RuntimeMethodHandle)Descriptor.Invoke(method, null)!;
        RuntimeHelpers.PrepareMethod(handle);
        return new CompiledTrace(slots, loops, handle.GetFunctionPointer(), translated, method);
    }

    public void Clear() => made = 0;

    public void Dispose()
    {
    }
}
