using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>Where breaks are looked for.</summary>
public sealed unsafe partial class UltravisorModel
{
    private const ulong InstructionSize = 4;

    /// <summary>Stops at calls and at steps in SVMs' lives.</summary>
    public BreakSet Breaks { get; } = new();

    // True if the thread was put back to its sc 2.
    private bool BreaksBefore(in CallFrame frame, UltraCallHandler? handler, ulong number)
    {
        if (!Breaks.IsWatching)
            return false;
        IThread thread = frame.Thread;
        ulong nia = frame.Nia - InstructionSize;
        if (Breaks.Passes(thread, nia))
            return false;
        ulong lpid = handler is null ? frame.Lpid : CallLpid(handler, frame);
        if (Breaks.Match(Occasion.UltraCall, number, lpid, handler is null ? null : CallFrames(handler, frame)) is not { } hit)
            return false;
        string[] names = handler?.Arguments ?? [];
        var arguments = new BreakArgument[names.Length];
        for (int n = 0; n < names.Length; n++)
            arguments[n] = new BreakArgument(names[n], frame[n]);
        var at = new BreakHit
        {
            Break = hit,
            Cpu = (int)thread.Number,
            Instruction = thread.State->Executed,
            Lpid = lpid,
            Name = CallName.Of((UltraCall)number),
            Arguments = arguments,
            Site = CallSite.Of(thread.State, nia, frame.Msr),
        };
        Breaks.LetPass(thread, nia);
        thread.TakeBackSystemCall(nia, frame.Msr);
        Breaks.Report(at);
        return true;
    }

    private void BreakAtHypercall(IThread thread, ulong lpid, HCall number, ReadOnlySpan<ulong> values)
    {
        if (Breaks.Match(Occasion.Hypercall, (ulong)number, lpid, HypercallFrames(number, values)) is not { } hit)
            return;
        string[] names = CallNames.Of(number);
        var arguments = new BreakArgument[values.Length];
        for (int n = 0; n < values.Length; n++)
            arguments[n] = new BreakArgument(names[n], values[n]);
        Note(thread, hit, lpid, CallName.Of(number), arguments);
    }

    private void BreakAtLifeCycle(Occasion occasion, ulong lpid)
    {
        if (current is { } thread && Breaks.Match(occasion, 0, lpid) is { } hit)
            Note(thread, hit, lpid, OccasionName.Of(occasion), []);
    }

    private void BreakAtViolation(IThread? thread, in SecureViolation violation)
    {
        CallSite site = CallSite.Of(violation);
        if (Breaks.Match(Occasion.Violation, 0, site.Lpid) is not { } hit)
            return;
        thread?.RequestReturn();
        Breaks.Report(new BreakHit
        {
            Break = hit,
            Cpu = violation.Initiator,
            Instruction = violation.Instruction,
            Lpid = site.Lpid,
            Name = $"{OccasionName.Of(Occasion.Violation)}: {EventText.ViolationKind(violation)}",
            Arguments = [new BreakArgument("real", violation.Real), new BreakArgument("ea", violation.EffectiveAddress)],
            Site = site,
        });
    }

    private void Note(IThread thread, Break hit, ulong lpid, string name, BreakArgument[] arguments) => Breaks.Note(new BreakHit
    {
        Break = hit,
        Cpu = (int)thread.Number,
        Instruction = thread.State->Executed,
        Lpid = lpid,
        Name = name,
        Arguments = arguments,
        Site = CallSite.None,
    });
}
