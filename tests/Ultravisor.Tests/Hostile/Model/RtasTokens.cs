namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>RTAS calls of the guests' device trees, with tokens as QEMU gives them out (hw/ppc/spapr.h).</summary>
internal static class RtasTokens
{
    public static readonly IReadOnlyList<(string Name, uint Token)> All =
    [
        ("display-character", 0x2000), ("power-off", 0x2001), ("start-cpu", 0x2004), ("stop-self", 0x2005), ("nvram-fetch", 0x2007),
        ("nvram-store", 0x2008), ("check-exception", 0x2009), ("event-scan", 0x200A), ("ibm,get-system-parameter", 0x200F),
        ("ibm,set-system-parameter", 0x2010), ("ibm,configure-connector", 0x201E), ("ibm,os-term", 0x201F), ("ibm,slot-error-detail", 0x2026),
        ("ibm,get-vpd", 0x2040), ("ibm,platform-dump", 0x2041), ("ibm,update-nodes", 0x2042), ("ibm,update-properties", 0x2043),
    ];

    public const uint StartCpu = 0x2004;
}
