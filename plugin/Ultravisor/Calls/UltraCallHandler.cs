using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Calls;

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
