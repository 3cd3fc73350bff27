namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Result of an ultracall: a code for the caller, or none because the thread is elsewhere now.</summary>
internal readonly record struct CallResult(bool HasCode, long Code)
{
    /// <summary>The call switched the thread to something else, and answers later or never.</summary>
    public static CallResult Switched => default;

    public static CallResult From(long code) => new(true, code);

    public static implicit operator CallResult(long code) => From(code);
}
