using System.Runtime.CompilerServices;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>What kind of thing happened.</summary>
public enum UvEventKind : byte
{
    /// <summary>An ultracall was answered: Number, Args, Result.</summary>
    UltraCall,

    /// <summary>The ultravisor calls the hypervisor: Number, Args.</summary>
    ReverseCall,

    /// <summary>The hypervisor's answer: Number, Result.</summary>
    ReverseResult,

    /// <summary>A hypercall of the SVM was passed to the hypervisor: Number, Args.</summary>
    Reflection,

    /// <summary>Another interrupt of the SVM was passed to the hypervisor: Number is the vector.</summary>
    Interrupt,

    /// <summary>The hypervisor injected an interrupt on UV_RETURN: Number is its address.</summary>
    Injection,

    /// <summary>A frame changed state: Args[0] is its gpa.</summary>
    PageState,

    /// <summary>An access to secure memory was refused: Args[0] real address, Args[1] instruction address.</summary>
    Violation,

    /// <summary>An SVM begins, goes secure, aborts, ends or is killed: Number is the <see cref="Rules.Occasion"/>, or 0 for a remark; Text.</summary>
    LifeCycle,

    /// <summary>A rule of fault injection acted: Text.</summary>
    Rule,

    /// <summary>A guest's ultracall that needs the hypervisor's help begins; its UltraCall follows when it is answered: Number, Args.</summary>
    UltraCallBegun,

    /// <summary>A host acted on a CPU, as with a gate: Text.</summary>
    Host,
}
