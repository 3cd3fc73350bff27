namespace RenodeUvmem.Ultravisor.Rtas;

/// <summary>Which way a buffer's content goes.</summary>
[Flags]
internal enum BufferFlow
{
    ToHypervisor = 1,
    FromHypervisor = 2,
    Both = 3,
}

/// <summary>How much of a buffer of fixed length is meant: only that is copied to the hypervisor.</summary>
internal enum BufferContent
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Text up to a NUL.</summary>
    Text,

    /// <summary>A big-endian count of 16 bits and so many bytes.</summary>
    Counted,
}

/// <summary>A buffer that an RTAS call names in its arguments.</summary>
/// <param name="Address">Index of the argument with its real address.</param>
/// <param name="Length">Index of the argument with its length, or -1.</param>
/// <param name="FixedLength">Length if there is no such argument.</param>
/// <param name="Flow">Direction.</param>
/// <param name="Content">How much is meant.</param>
internal readonly record struct RtasBuffer(int Address, int Length, uint FixedLength, BufferFlow Flow, BufferContent Content = BufferContent.Whole);

/// <summary>RTAS calls that need more than copying their arguments (LoPAR 7.3). All others only have numbers.</summary>
internal static class RtasCallShape
{
    public const string StartCpu = "start-cpu";
    public const string StopSelf = "stop-self";
    public const string OsTerm = "ibm,os-term";

    /// <summary>Work area of configure-connector, update-nodes and others.</summary>
    private const uint WorkArea = 4096;

    private static readonly Dictionary<string, RtasBuffer[]> Buffers = new()
    {
        ["nvram-fetch"] = [new(1, 2, 0, BufferFlow.FromHypervisor)],
        ["nvram-store"] = [new(1, 2, 0, BufferFlow.ToHypervisor)],
        ["check-exception"] = [new(4, 5, 0, BufferFlow.FromHypervisor)],
        ["event-scan"] = [new(2, 3, 0, BufferFlow.FromHypervisor)],
        ["ibm,get-system-parameter"] = [new(1, 2, 0, BufferFlow.Both)],
        ["ibm,set-system-parameter"] = [new(1, -1, WorkArea, BufferFlow.ToHypervisor, BufferContent.Counted)],
        ["ibm,configure-connector"] = [new(0, -1, WorkArea, BufferFlow.Both)],
        ["ibm,slot-error-detail"] = [new(3, 4, 0, BufferFlow.FromHypervisor), new(5, 6, 0, BufferFlow.FromHypervisor)],
        [OsTerm] = [new(0, -1, 256, BufferFlow.ToHypervisor, BufferContent.Text)],
        ["ibm,get-vpd"] = [new(0, -1, 256, BufferFlow.ToHypervisor, BufferContent.Text), new(1, 2, 0, BufferFlow.FromHypervisor)],
        ["ibm,get-indices"] = [new(2, 3, 0, BufferFlow.FromHypervisor)],
        ["ibm,platform-dump"] = [new(4, 5, 0, BufferFlow.FromHypervisor)],
        ["ibm,update-nodes"] = [new(0, -1, WorkArea, BufferFlow.Both)],
        ["ibm,update-properties"] = [new(0, -1, WorkArea, BufferFlow.Both)],
    };

    /// <summary>Buffers of a call by its name in the device tree.</summary>
    public static RtasBuffer[] BuffersOf(string? name) => name is not null && Buffers.TryGetValue(name, out RtasBuffer[]? buffers) ? buffers : [];
}
