namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>A code that a call can answer beside 0, and when. Codes that every ultracall can answer are declared with the dispatcher alone.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field, AllowMultiple = true)]
public sealed class AnswerAttribute(long code, string when) : Attribute
{
    /// <summary>One of <see cref="UReturn"/>.</summary>
    public long Code { get; } = code;

    /// <summary>The reason.</summary>
    public string When { get; } = when;
}
