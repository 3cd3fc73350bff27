using System.Collections;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Debug;

/// <summary>
/// Breakpoints of one CPU. May be changed while nothing executes, and from what the CPU calls while it does. Decoded code is shared by the machine's
/// CPUs, so <see cref="CodeCache"/> is told the page offsets; the slots there ask the CPU that runs.
/// </summary>
public sealed class BreakpointSet : IReadOnlyCollection<Breakpoint>
{
    private readonly CodeCache code;

    // Contexts by address: what the slots ask for is one look-up.
    private readonly SortedDictionary<ulong, DebugContext[]> contexts = [];

    internal BreakpointSet(CodeCache code) => this.code = code;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds a breakpoint; false if it was there.</summary>
    public bool Add(ulong address, DebugContext context)
    {
        DebugContext[] here = At(address);
        if (here.Contains(context))
            return false;
        contexts[address] = [.. here, context];
        Count++;
        code.AddBreak(address);
        return true;
    }

    /// <summary>Removes a breakpoint; false if it was not there.</summary>
    public bool Remove(ulong address, DebugContext context)
    {
        DebugContext[] here = At(address);
        if (!here.Contains(context))
            return false;
        if (here.Length == 1)
            contexts.Remove(address);
        else
            contexts[address] = [.. here.Where(other => other != context)];
        Count--;
        code.RemoveBreak(address);
        return true;
    }

    /// <summary>Removes all breakpoints.</summary>
    public void Clear()
    {
        foreach (Breakpoint breakpoint in this.ToArray())
            Remove(breakpoint.Address, breakpoint.Context);
    }

    /// <summary>Whether there is this very breakpoint.</summary>
    public bool Contains(ulong address, DebugContext context) => At(address).Contains(context);

    /// <summary>In order of address.</summary>
    public IEnumerator<Breakpoint> GetEnumerator() =>
        contexts.SelectMany(pair => pair.Value.Select(context => new Breakpoint(pair.Key, context))).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether a thread that is about to execute the instruction at an address has to stop.</summary>
    internal unsafe bool Stops(ulong address, CpuState* state)
    {
        foreach (DebugContext context in At(address))
        {
            if (context.Matches(state))
                return true;
        }

        return false;
    }

    private DebugContext[] At(ulong address) => contexts.TryGetValue(address, out DebugContext[]? here) ? here : [];
}
