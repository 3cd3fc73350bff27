namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>A call that is made while another is under way, and why.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field, AllowMultiple = true)]
public sealed class WithinAttribute(string call, string why) : Attribute
{
    /// <summary>Name of the call.</summary>
    public string Call { get; } = call;

    /// <summary>When it is made.</summary>
    public string Why { get; } = why;
}
