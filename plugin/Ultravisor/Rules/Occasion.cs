namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>Kinds of moments that rules and breaks wait for.</summary>
public enum Occasion
{
    /// <summary>Someone makes an ultracall.</summary>
    UltraCall,

    /// <summary>A hypercall of an SVM, or one that the ultravisor makes.</summary>
    Hypercall,

    /// <summary>UV_ESM begins.</summary>
    SvmStart,

    /// <summary>UV_ESM is complete.</summary>
    SvmSecure,

    /// <summary>UV_ESM failed.</summary>
    SvmAbort,

    /// <summary>The ultravisor kills an SVM.</summary>
    SvmKill,

    /// <summary>The hypervisor ends an SVM.</summary>
    SvmTerminate,

    /// <summary>An access to secure memory was refused.</summary>
    Violation,
}
