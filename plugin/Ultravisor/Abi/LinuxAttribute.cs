namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>A function of Linux 6.1 that makes or serves a call.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field, AllowMultiple = true)]
public sealed class LinuxAttribute(string file, string function, string role) : Attribute
{
    /// <summary>Path in the kernel's tree.</summary>
    public string File { get; } = file;

    /// <summary>Its name.</summary>
    public string Function { get; } = function;

    /// <summary>What it does there.</summary>
    public string Role { get; } = role;
}
