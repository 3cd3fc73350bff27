using RenodeUvmem.Platform.Console;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_CONSOLE_*: one terminal, number 0, whose output always has room.</summary>
public sealed class ConsoleCalls : IOpalCalls
{
    /// <summary>The only terminal.</summary>
    public const uint Terminal = 0;

    /// <summary>What one call may write; Linux asks first and writes no more than this.</summary>
    public const uint BufferSpace = 4096;

    private readonly ConsolePort port;
    private readonly OpalEvents events;

    /// <summary>Calls on a console; its input shows in the event word.</summary>
    public ConsoleCalls(ConsolePort port, OpalEvents events)
    {
        this.port = port;
        this.events = events;
        port.InputArrived += () => events.Set(OpalEvent.ConsoleInput, true);
    }

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.CONSOLE_WRITE, Write);
        table.Add(OpalToken.CONSOLE_READ, Read);
        table.Add(OpalToken.CONSOLE_WRITE_BUFFER_SPACE, Space);
        table.Add(OpalToken.CONSOLE_FLUSH, call => call[0] == Terminal ? OpalReturn.SUCCESS : OpalReturn.PARAMETER);
    }

    // (terminal, &length, bytes): the length is replaced by what was written.
    private OpalReturn Write(OpalCall call)
    {
        if (call[0] != Terminal || !call.Memory.TryRead64(call[1], out ulong length))
            return OpalReturn.PARAMETER;
        var bytes = new byte[Math.Min(length, BufferSpace)];
        if (!call.Memory.TryRead(call[2], bytes) || !call.Memory.TryWrite64(call[1], (ulong)bytes.Length))
            return OpalReturn.PARAMETER;
        port.Write(bytes);
        return OpalReturn.SUCCESS;
    }

    // (terminal, &length, buffer): the length is replaced by what was read.
    private OpalReturn Read(OpalCall call)
    {
        if (call[0] != Terminal || !call.Memory.TryRead64(call[1], out ulong limit))
            return OpalReturn.PARAMETER;
        byte[] bytes = port.Take((int)Math.Min(limit, BufferSpace));
        events.Set(OpalEvent.ConsoleInput, port.HasInput);
        return call.Memory.TryWrite(call[2], bytes) && call.Memory.TryWrite64(call[1], (ulong)bytes.Length)
            ? OpalReturn.SUCCESS
            : OpalReturn.PARAMETER;
    }

    // (terminal, &space).
    private OpalReturn Space(OpalCall call) =>
        call[0] == Terminal && call.Memory.TryWrite64(call[1], BufferSpace) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
}
