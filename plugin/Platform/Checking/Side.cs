using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform.Checking;

/// <summary>One of two machines, and what it let out since the last comparison.</summary>
internal sealed class Side
{
    private readonly Remarks remarks;
    private readonly UcallLog events;

    public Side(Machine machine, MemoryStream output, Remarks remarks)
    {
        Machine = machine;
        Output = output;
        this.remarks = remarks;
        events = new UcallLog(remarks.Lines.Add);
        Forget();
        machine.Ultravisor?.Events.Add(events);
    }

    public Machine Machine { get; }

    public MemoryStream Output { get; }

    /// <summary>Remarks and events of the ultravisor.</summary>
    public List<string> Lines => remarks.Lines;

    /// <summary>How the last stretch ended.</summary>
    public RunResult? Result { get; private set; }

    /// <summary>Runs to an instruction count, or to the machine's end.</summary>
    public void RunTo(long instructions, CancellationToken cancellation = default)
    {
        try
        {
            Result = Machine.Run(new RunLimits { Instructions = instructions, Cancellation = cancellation });
        }
        catch (Exception e) when (e is not OutOfMemoryException) // What the other machine does, says what it is worth.
        {
            Result = new RunResult(RunEnd.CheckStop, $"{e.GetType().Name}: {e.Message}", null);
        }
    }

    /// <summary>What was let out has been compared.</summary>
    public void Forget()
    {
        Output.SetLength(0);
        Lines.Clear();
    }

    /// <summary>Nobody listens any more.</summary>
    public void Leave() => Machine.Ultravisor?.Events.Remove(events);
}
