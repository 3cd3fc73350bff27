namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>
/// The traces that rows are put together from, about one frame of a secure guest, as the matrix gives them for Linux 6.1
/// (arch/powerpc/kvm/book3s_hv_uvmem.c). G is the frame's address, N its number. Each migration of a frame begins with the MMU notifier's
/// UV_PAGE_INVAL, which the ultravisor refuses with U_P2 unless the hypervisor holds a page of the frame.
/// </summary>
internal static class Sequence
{
    /// <summary>kvmppc_share_page of a resident secure frame: it leaves secure memory without UV_PAGE_OUT.</summary>
    public static readonly string[] GivesShared =
    [
        "uv calls H_SVM_PAGE_IN(gpa=G, flags=1, order=16)",
        "UV_PAGE_INVAL(gpa=G, order=16) -> -55 (U_P2)",
        "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
        "H_SVM_PAGE_IN = 0",
    ];

    /// <summary>The guest shares the frame.</summary>
    public static readonly string[] Shares = [.. GivesShared, "UV_SHARE_PAGE(gfn=N, count=1) -> 0"];

    /// <summary>The hypervisor takes its page of a shared frame back into secure memory.</summary>
    public static readonly string[] TakesShared =
    [
        "uv calls H_SVM_PAGE_IN(gpa=G, flags=0, order=16)",
        "UV_PAGE_INVAL(gpa=G, order=16) -> 0",
        "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
        "H_SVM_PAGE_IN = 0",
    ];

    /// <summary>The guest unshares the frame.</summary>
    public static readonly string[] Unshares = [.. TakesShared, "UV_UNSHARE_PAGE(gfn=N, count=1) -> 0"];

    /// <summary>A process of the hypervisor looks at a secure frame.</summary>
    public static readonly string[] HostLooks =
    [
        "UV_PAGE_INVAL(gpa=G, order=16) -> -55 (U_P2)",
        "UV_PAGE_OUT(gpa=G, flags=0, order=16) -> 0",
    ];

    /// <summary>The guest touches a frame that was paged out.</summary>
    public static readonly string[] GuestTouches =
    [
        "uv calls H_SVM_PAGE_IN(gpa=G, flags=0, order=16)",
        "UV_PAGE_INVAL(gpa=G, order=16) -> -55 (U_P2)",
        "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
        "H_SVM_PAGE_IN = 0",
    ];

    /// <summary>The hypervisor unmaps a shared frame.</summary>
    public static readonly string[] HostUnmaps = ["UV_PAGE_INVAL(gpa=G, order=16) -> 0"];

    /// <summary>The guest touches a shared frame that the hypervisor has unmapped: a reflected HDSI, kvmppc_send_page_to_uv.</summary>
    public static readonly string[] GuestTouchesUnmapped =
    [
        "interrupt 0xe00 to the hypervisor",
        "UV_PAGE_IN(gpa=G, flags=0, order=16) -> 0",
    ];
}
