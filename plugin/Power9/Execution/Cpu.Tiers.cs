using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Execution;

/// <summary>The run loop while hot code is translated.</summary>
public sealed unsafe partial class Cpu
{
    // The slot where the last run ended, if it is hot.
    private Insn* recordFrom;

    /// <summary>Translates hot code; null, as at first, if all is interpreted. CPUs on one memory may share it.</summary>
    public Translator? Translator { get; set; }

    // Samples are taken at even distances, whatever ends runs in between: what ends them would seem hot.
    private long nextSample;

    private long LongestTranslatedRun
    {
        get
        {
            if (Translator is not { } translator)
                return LongestRun;
            long left = nextSample - State->Executed;
            return left <= 0 ? translator.Hotness.Distance : Math.Min(left, translator.Hotness.Distance);
        }
    }

    // At another instruction count than before: samples are taken where a run that came here without a leap takes them, as a rule.
    private void ResumeSampling()
    {
        recordFrom = null;
        nextSample = Translator is { Hotness.Distance: var distance } ? ((State->Executed / distance) + 1) * distance : 0;
    }

    private Insn* TranslatingLoop(CpuState* s, Insn* i, Translator translator)
    {
        if (translator.Full && Group.Exclusion is null)
            translator.StartAnew();
        translator.Install();
        if (i == recordFrom)
        {
            s->Work = HostWork.Translator;
            i = translator.Record(s, i);
            s->Work = HostWork.Interpreter;
            if (i == null || s->Remaining <= 0)
            {
                recordFrom = null;
                return i;
            }
        }

        recordFrom = null;
        s->Translates = 1;
        i = translator.Tally is { } tally ? tally.Loop(s, i) : Loop(s, i);
        byte end = s->Translates;
        s->Translates = 0;
        if (s->HotSlot != null)
        {
            if (s->HotSlot == i && translator.MayRecord(s, i))
            {
                recordFrom = i;
                nextSample = s->Executed + translator.Hotness.Distance;
            }

            s->HotSlot = null;
            return i;
        }

        if (s->Executed < nextSample)
            return i;
        nextSample = s->Executed + translator.Hotness.Distance;

        // In a trace, or near one for want of budget, there is no news.
        if (i != null && end == 1 && translator.Sample(s, i))
            recordFrom = i;
        return i;
    }
}
