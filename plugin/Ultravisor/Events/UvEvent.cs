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

    /// <summary>An SVM begins, goes secure, aborts, ends or is killed: Text.</summary>
    LifeCycle,

    /// <summary>A rule of fault injection acted: Text.</summary>
    Rule,
}

/// <summary>Up to nine call arguments.</summary>
[InlineArray(9)]
public struct CallArguments
{
    private ulong first;
}

/// <summary>One thing that the ultravisor did.</summary>
public struct UvEvent
{
    /// <summary>Instructions executed by the CPU.</summary>
    public long Instruction;

    /// <summary>CPU number; -1 for a device.</summary>
    public int Cpu;

    /// <summary>Partition; 0 is the hypervisor itself.</summary>
    public ulong Lpid;

    /// <summary>Kind.</summary>
    public UvEventKind Kind;

    /// <summary>Ultracall, hypercall, or vector.</summary>
    public ulong Number;

    /// <summary>Arguments, as many as the call has.</summary>
    public CallArguments Args;

    /// <summary>Result of a call.</summary>
    public long Result;

    /// <summary>State before a change.</summary>
    public PageState From;

    /// <summary>State after a change.</summary>
    public PageState To;

    /// <summary>Words for a person, or null.</summary>
    public string? Text;
}

/// <summary>Takes events.</summary>
public interface IUltravisorEvents
{
    /// <summary>Called between instructions.</summary>
    void Record(in UvEvent happened);
}
