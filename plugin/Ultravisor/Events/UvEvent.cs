using System.Runtime.CompilerServices;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>One thing that the ultravisor did.</summary>
public struct UvEvent
{
    /// <summary>Instructions executed by the CPU.</summary>
    public long Instruction;

    /// <summary>Virtual time in ticks of the time base since power-on.</summary>
    public ulong Ticks;

    /// <summary>CPU number; -1 for a device.</summary>
    public int Cpu;

    /// <summary>Partition; 0 is the hypervisor itself.</summary>
    public ulong Lpid;

    /// <summary>
    /// Whose call it is, of the guest CPUs that are out of their guests: a small number that stays the same until the guest runs on. Its calls are one within
    /// another. -1: no guest CPU's.
    /// </summary>
    public int Lane;

    /// <summary>Kind.</summary>
    public UvEventKind Kind;

    /// <summary>Ultracall, hypercall, vector, or occasion.</summary>
    public ulong Number;

    /// <summary>Arguments, as many as the call has.</summary>
    public CallArguments Args;

    /// <summary>Result of a call.</summary>
    public long Result;

    /// <summary>State before a change.</summary>
    public PageState From;

    /// <summary>State after a change.</summary>
    public PageState To;

    /// <summary>Where an ultracall was made, or what was refused.</summary>
    public CallSite Site;

    /// <summary>Words for a person, or null.</summary>
    public string? Text;
}
