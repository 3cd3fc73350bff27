using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
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

    /// <summary>Sets an output register.</summary>
    public void Output(int register, ulong value) => Thread.State->Gpr[register] = value;
}

/// <summary>Result of an ultracall: a code for the caller, or none because the thread is elsewhere now.</summary>
internal readonly record struct CallResult(bool HasCode, long Code)
{
    /// <summary>The call switched the thread to something else, and answers later or never.</summary>
    public static CallResult Switched => default;

    public static CallResult From(long code) => new(true, code);

    public static implicit operator CallResult(long code) => From(code);
}

/// <summary>Who may make an ultracall.</summary>
internal enum Caller
{
    /// <summary>S=0, HV=1, PR=0.</summary>
    Hypervisor,

    /// <summary>HV=0, PR=0, secure or not.</summary>
    Guest,

    /// <summary>S=1, HV=0, PR=0.</summary>
    SecureGuest,
}

/// <summary>An ultracall. One class for each.</summary>
internal abstract class UltraCallHandler
{
    /// <summary>Its number.</summary>
    public abstract UltraCall Number { get; }

    /// <summary>Who may make it.</summary>
    public abstract Caller Caller { get; }

    /// <summary>Names of R4, R5 … for logs and rules. "lpid", "gpa" and "gfn" have their meaning.</summary>
    public abstract string[] Arguments { get; }

    /// <summary>Does it. The caller's privilege was checked.</summary>
    public abstract CallResult Execute(UltravisorModel uv, in CallFrame frame);
}
