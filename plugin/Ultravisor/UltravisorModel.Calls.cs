using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor;

/// <summary>Ultracalls: who may make which, rules, and the answer.</summary>
public sealed unsafe partial class UltravisorModel
{
    private static readonly Dictionary<ulong, UltraCallHandler> Handlers = new UltraCallHandler[]
    {
        new UvWritePate(),
        new UvRestrictedSprWrite(),
        new UvRestrictedSprRead(),
        new UvEsm(),
        new UvReadScom(),
        new UvWriteScom(),
        new UvReturn(),
        new UvRegisterMemSlot(),
        new UvUnregisterMemSlot(),
        new UvPageIn(),
        new UvPageOut(),
        new UvPageInval(),
        new UvSharePage(),
        new UvUnsharePage(),
        new UvUnshareAllPages(),
        new UvSvmTerminate(),
    }.ToDictionary(handler => (ulong)handler.Number);

    /// <summary>What any ultracall answers before it is done; numbers that are none get U_FUNCTION.</summary>
    internal static IReadOnlyList<AnswerAttribute> CommonAnswers { get; } =
    [
        new(UReturn.U_PERMISSION, "somebody else made it"),
        new(UReturn.U_BAD_MODE, "a transaction is active"),
    ];

    /// <summary>Who serves an ultracall, or null.</summary>
    internal static UltraCallHandler? HandlerOf(UltraCall call) => Handlers.GetValueOrDefault((ulong)call);

    /// <summary>Names of an ultracall's arguments, R4 upwards.</summary>
    internal static string[] ArgumentNames(UltraCall call) => HandlerOf(call)?.Arguments ?? [];

    /// <summary>The frames that a call of an event is about, or null.</summary>
    internal static FrameSpan? FramesOf(in UvEvent happened) => happened.Kind switch
    {
        UvEventKind.UltraCall => CallFrames(ArgumentNames((UltraCall)happened.Number), happened.Args),
        UvEventKind.ReverseCall => CallFrames(CallNames.Of((HCall)happened.Number), happened.Args),
        _ => null,
    };

    /// <summary>Begins an operation for a guest CPU in place of answering its ultracall; the answer is the operation's result.</summary>
    internal void Begin(in CallFrame frame, Svm svm, UltraCall call, Operation operation)
    {
        UvContext context = NewContext(svm);
        context.Registers.Save(frame.Thread, frame.Nia, frame.Msr);
        context.PendingCall = call;
        context.PendingArguments = Arguments(frame, ArgumentNames(call).Length);
        context.PendingSite = frame.Site;
        RecordUltraCallBegun(frame.Thread, context);
        context.Operations.Push(operation);
        Advance(frame.Thread, context, default);
    }

    private void ServeUltraCall(in CallFrame frame)
    {
        ulong number = frame.Thread.State->Gpr[3];
        frame.Thread.State->Work = WorkOf((UltraCall)number);
        Handlers.TryGetValue(number, out UltraCallHandler? handler);
        bool repeated = TakesReplay(frame, number);
        if (!repeated && BreaksBefore(frame, handler, number))
            return;
        CallArguments arguments = Arguments(frame, handler?.Arguments.Length ?? 0);
        CallResult result;
        if (handler is null)
            result = UReturn.U_FUNCTION;
        else if ((frame.Msr & Msr.TS) != 0)
            result = UReturn.U_BAD_MODE;
        else if (!MayCall(handler.Caller, frame))
            result = UReturn.U_PERMISSION;
        else if (IsRefusedForDead(handler, frame))
            result = CallResult.Switched;
        else if (!repeated && ApplyRule(frame, isHypercall: false, number, CallLpid(handler, frame), CallFrames(handler, frame), out result))
        {
            if (!result.HasCode)
                return;
        }
        else
        {
            result = handler.Execute(this, frame);
        }

        if (!result.HasCode)
            return;
        RecordUltraCall(frame.Thread, handler is null ? frame.Lpid : CallLpid(handler, frame), number, arguments, result.Code, frame.Site);
        frame.Output(3, (ulong)result.Code);
        Leave(frame.Thread, frame.Nia, frame.Msr);
    }

    private static HostWork WorkOf(UltraCall call) => call switch
    {
        UltraCall.UV_PAGE_IN => HostWork.PageIn,
        UltraCall.UV_PAGE_OUT => HostWork.PageOut,
        UltraCall.UV_RETURN => HostWork.Reflection,
        _ => HostWork.UltraCall,
    };

    // A CPU of a killed SVM never runs again.
    private bool IsRefusedForDead(UltraCallHandler handler, in CallFrame frame)
    {
        if (handler.Caller != Caller.SecureGuest || FindSvm(frame.Lpid) is not { State: SvmState.Dead } svm)
            return false;
        HaltThread(frame.Thread, svm, frame.Nia, frame.Msr);
        return true;
    }

    private bool MayCall(Caller caller, in CallFrame frame)
    {
        const ulong State = Msr.S | Msr.HV | Msr.PR;
        return caller switch
        {
            Caller.Hypervisor => (frame.Msr & State) == Msr.HV,
            Caller.Guest => (frame.Msr & (Msr.HV | Msr.PR)) == 0,
            _ => (frame.Msr & State) == Msr.S && FindSvm(frame.Lpid) is not null,
        };
    }

    // True, once, if an SVM repeats a call that fault injection postponed: neither rules nor breaks see it again.
    private bool TakesReplay(in CallFrame frame, ulong number)
    {
        if ((frame.Msr & Msr.HV) != 0 || FindSvm(frame.Lpid) is not { } svm || svm.Replay != (number, frame.Nia))
            return false;
        svm.Replay = default;
        return true;
    }

    // True if a rule acted. The result has no code if the rule called the hypervisor; the SVM then repeats its call.
    private bool ApplyRule(in CallFrame frame, bool isHypercall, ulong number, ulong lpid, FrameSpan? frames, out CallResult result)
    {
        result = default;
        if (Rules.Match(isHypercall, number, lpid, frames) is not { } rule)
            return false;
        if (rule.Return is { } code)
        {
            RecordRule(rule, lpid);
            result = code;
            return true;
        }

        if (FindSvm(lpid) is not { } svm)
            return false;
        svm.Replay = (number, frame.Nia);
        UvContext context = NewContext(svm);
        context.Registers.Save(frame.Thread, frame.Nia - 4, frame.Msr);
        context.Operations.Push(new RuleCall(rule, rule.ArgumentsAt(frames), null));
        Advance(frame.Thread, context, default);
        return true;
    }

    private static CallArguments Arguments(in CallFrame frame, int count)
    {
        CallArguments arguments = default;
        for (int n = 0; n < count; n++)
            arguments[n] = frame[n];
        return arguments;
    }

    private static ulong CallLpid(UltraCallHandler handler, in CallFrame frame) =>
        handler.Arguments is ["lpid", ..] ? frame[0] : frame.Lpid;

    private static FrameSpan? CallFrames(UltraCallHandler handler, in CallFrame frame) =>
        CallFrames(handler.Arguments, Arguments(frame, handler.Arguments.Length));

    private static FrameSpan? CallFrames(string[] names, in CallArguments arguments)
    {
        int gpa = Array.IndexOf(names, "gpa");
        if (gpa >= 0)
            return new FrameSpan(arguments[gpa] / SecureHeap.FrameSize, 1);
        int gfn = Array.IndexOf(names, "gfn");
        int count = Array.IndexOf(names, "count");
        return gfn >= 0 ? new FrameSpan(arguments[gfn], count >= 0 ? arguments[count] : 1) : null;
    }

    private static FrameSpan? HypercallFrames(HCall number, ReadOnlySpan<ulong> arguments)
    {
        if (!HCallShape.IsReverse(number))
            return null;
        int gpa = Array.IndexOf(CallNames.Of(number), "gpa");
        return gpa >= 0 ? new FrameSpan(arguments[gpa] / SecureHeap.FrameSize, 1) : null;
    }
}
