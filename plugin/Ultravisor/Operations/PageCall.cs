namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Constants of the page calls.</summary>
internal static class PageCall
{
    /// <summary>Log2 of the page size; the interface knows 64 KiB only.</summary>
    public const ulong Order = 16;

    /// <summary>H_SVM_PAGE_IN flag H_PAGE_IN_SHARED.</summary>
    public const ulong Shared = 1;
}
