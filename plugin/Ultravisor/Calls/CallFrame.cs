using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>An ultracall as its caller made it.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Nia">Address after <c>sc 2</c>.</param>
/// <param name="Msr">The caller's MSR.</param>
internal readonly unsafe record struct CallFrame(IThread Thread, ulong Nia, ulong Msr)
{
    /// <summary>Argument 0 is R4.</summary>
    public ulong this[int argument] => Thread.State->Gpr[4 + argument];

    /// <summary>LPIDR: the caller's partition.</summary>
    public ulong Lpid => Thread.State->Spr[SprNumber.LPIDR];

    /// <summary>Where the call was made.</summary>
    public CallSite Site => CallSite.Of(Thread.State, Nia - 4, Msr);

    /// <summary>Sets an output register.</summary>
    public void Output(int register, ulong value) => Thread.State->Gpr[register] = value;
}
