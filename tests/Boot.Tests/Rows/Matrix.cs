using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>
/// The rows, a file for each section of the matrix. Each runs in a machine of its own that begins where a warm one was kept. What Linux does decides: where a row
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

    // Rows that were written and do not hold yet: ./scripts/run.sh --row runs them, nothing else does.
    private static readonly string[] DraftNames =
    [
    ];

    private static readonly Row[] Written =
    [
        .. Init, .. Start, .. PageIn, .. Share, .. Inval, .. PageOut, .. Done, .. Abort, .. Slots, .. Drop, .. Entry,
    ];

    /// <summary>The rows of the tests.</summary>
    public static IReadOnlyList<Row> All { get; } = [.. Written.Where(row => !DraftNames.Contains(row.Name))];

    /// <summary>Rows that do not hold yet.</summary>
    public static IReadOnlyList<Row> Drafts { get; } = [.. Written.Where(row => DraftNames.Contains(row.Name))];

    /// <summary>A row by its name, in any case of letters, drafts included; or null.</summary>
    public static Row? Find(string name) => Array.Find(Written, row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether several rows look at the part of the boot that a row looks at.</summary>
    public static bool IsShared(Row row) => Written.Count(other => other.On == row.On && other.Part == row.Part) > 1;

    /// <summary>The row itself, or the one whose part it looks at.</summary>
    public static Row DriverOf(Row row) => row.LooksAt is null ? row : Array.Find(Written, other => other.Name == row.LooksAt && other.On == row.On)!;

    // A rule: before a share or unshare the ultravisor makes another call about the same frame.
    private static string Before(UltraCall call, HCall hypercall, int flags = 0, int order = 16) => $"{call} hcall={hypercall} gpa=call flags={flags} order={order}";
}
