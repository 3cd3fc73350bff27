using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>
/// The rows, a file for each section of the matrix. Those of one machine run in one boot, in the order given here. What Linux does decides: where a row
/// asserts something else than the matrix says, its comment tells.
/// </summary>
internal static partial class Matrix
{
    private const string AskShared = "uv calls H_SVM_PAGE_IN(gpa=G, flags=1, order=16)";
    private const string AskSecure = "uv calls H_SVM_PAGE_IN(gpa=G, flags=0, order=16)";
    private const string SecureStays = "UV_PAGE_INVAL(gpa=G, order=16) -> -55 (U_P2)";
    private const string Invalidated = "UV_PAGE_INVAL(gpa=G, order=16) -> 0";
    private const string Given = "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0";
    private const string Fetched = "UV_PAGE_OUT(gpa=G, flags=0, order=16) -> 0";
    private const string PageInAgreed = "H_SVM_PAGE_IN = 0";
    private const string PageInRefused = "H_SVM_PAGE_IN = -4 (U_PARAMETER)";
    private const string PageOutAgreed = "H_SVM_PAGE_OUT = 0";
    private const string PageOutRefused = "H_SVM_PAGE_OUT = -4 (U_PARAMETER)";
    private const string Shared = "UV_SHARE_PAGE(gfn=N, count=1) -> 0";
    private const string ShareRefused = "UV_SHARE_PAGE(gfn=N, count=1) -> -55 (U_P2)";
    private const string Unshared = "UV_UNSHARE_PAGE(gfn=N, count=1) -> 0";
    private const string UnshareRefused = "UV_UNSHARE_PAGE(gfn=N, count=1) -> -55 (U_P2)";
    private const string RowFrame = "demo: row about";
    private const string OutsideMemory = "0x400000000000";

    // What Linux takes for an address or page that is none (include/linux/kvm_host.h: PAGE_OFFSET, KVM_PFN_ERR_FAULT).
    private const string ErrorHva = "0xc000000000000000";
    private const string ErrorPfn = "0x7ff0000000000000";

    // Rows that hold, each in a boot of its own: together they would take longer than the test command may. ./scripts/matrix.sh runs them.
    private static readonly string[] AloneNames =
    [
        "A7", "A7-normal", "P4", "P5", "P6", "P7", "P8", "P9", "P14", "P21", "P23", "S4", "S5", "S7", "S8", "F8", "S11", "S12", "S13", "S17", "S18",
        "U6", "U7", "U9", "F2", "F4", "F7", "F9", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O9", "E8", "IA1", "IA3", "Z1-Z4", "M2", "M3", "M4", "M5",
        "M6", "E6", "T1", "T2", "T4", "V7", "P16", "F3", "F5", "IA5", "D2", "D4", "D6", "V4", "V5",
        "P8b", "S16", "U8", "U10", "F10", "D7", "E7", "E9", "M7", "T6", "T7",
        "I3", "I4", "I5", "I5-no-firmware", "P1", "O1", "E1", "S1-dtl",
    ];

    // Rows that were written and do not hold yet: ./scripts/run.sh --row runs them, nothing else does.
    private static readonly string[] DraftNames =
    [
    ];

    private static readonly Row[] Written =
    [
        .. Init, .. Start, .. PageIn, .. Share, .. Inval, .. PageOut, .. Done, .. Abort, .. Slots, .. Drop, .. Entry,
    ];

    /// <summary>The rows of the tests.</summary>
    public static IReadOnlyList<Row> All { get; } = [.. Written.Where(row => !DraftNames.Contains(row.Name) && !AloneNames.Contains(row.Name))];

    /// <summary>Rows of the long run, each in a boot of its own.</summary>
    public static IReadOnlyList<Row> Alone { get; } = [.. Written.Where(row => AloneNames.Contains(row.Name))];

    /// <summary>Rows that do not hold yet.</summary>
    public static IReadOnlyList<Row> Drafts { get; } = [.. Written.Where(row => DraftNames.Contains(row.Name))];

    // A rule: before a share or unshare the ultravisor makes another call about the same frame.
    private static string Before(UltraCall call, HCall hypercall, int flags = 0, int order = 16) => $"{call} hcall={hypercall} gpa=call flags={flags} order={order}";
}
