namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>Ultracall numbers: R3 at <c>sc 2</c>. Linux: arch/powerpc/include/asm/ultravisor-api.h; the others are the firmware's own.</summary>
public enum UltraCall : ulong
{
    UV_WRITE_PATE = 0xF104,
    UV_RESTRICTED_SPR_WRITE = 0xF108,
    UV_RESTRICTED_SPR_READ = 0xF10C,
    UV_ESM = 0xF110,
    UV_READ_SCOM = 0xF114,
    UV_WRITE_SCOM = 0xF118,
    UV_RETURN = 0xF11C,
    UV_REGISTER_MEM_SLOT = 0xF120,
    UV_UNREGISTER_MEM_SLOT = 0xF124,
    UV_PAGE_IN = 0xF128,
    UV_PAGE_OUT = 0xF12C,
    UV_SHARE_PAGE = 0xF130,
    UV_UNSHARE_PAGE = 0xF134,
    UV_PAGE_INVAL = 0xF138,
    UV_SVM_TERMINATE = 0xF13C,
    UV_UNSHARE_ALL_PAGES = 0xF140,
}
