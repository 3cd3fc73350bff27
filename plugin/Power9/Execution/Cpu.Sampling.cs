using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Samples for a profile. Runs end where one is due; that is all that it costs.</summary>
public sealed unsafe partial class Cpu
{
    private ISampler? sampler;
    private long samplesAt = long.MaxValue;

    /// <summary>
    /// Called at multiples of its distance of instructions executed, or null. Where an instruction takes an interrupt at such a count the sample is what comes after it. Not for
    /// CPUs that execute at the same time.
    /// </summary>
    public ISampler? Sampler
    {
        get => sampler;
        set
        {
            sampler = value;
            samplesAt = NextSampleOf(value);
        }
    }

    private long LongestRunNow
    {
        get
        {
            long longest = Translator is null ? LongestRun : LongestTranslatedRun;
            return samplesAt == long.MaxValue ? longest : Math.Min(longest, Math.Max(samplesAt - State->Executed, 1));
        }
    }

    private long NextSampleOf(ISampler? one) => one is null ? long.MaxValue : ((State->Executed / one.Distance) + 1) * one.Distance;

    private void TakeSample()
    {
        State->Work = HostWork.Sampling;
        sampler!.Sample(this);
        State->Work = HostWork.Interpreter;
        samplesAt = NextSampleOf(sampler);
    }
}
