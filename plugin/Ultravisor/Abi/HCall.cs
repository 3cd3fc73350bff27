namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>
/// Hypercall numbers: R3 at <c>sc 1</c>. Linux: arch/powerpc/include/asm/hvcall.h.
/// How many registers of each go which way is in <see cref="HCallShape"/>.
/// </summary>
public enum HCall : ulong
{
    H_REMOVE = 0x04,
    H_ENTER = 0x08,
    H_READ = 0x0C,
    H_PROTECT = 0x18,
    H_GET_TCE = 0x1C,
    H_PUT_TCE = 0x20,
    H_SET_SPRG0 = 0x24,
    H_SET_DABR = 0x28,
    H_PAGE_INIT = 0x2C,
    H_LOGICAL_CI_LOAD = 0x3C,
    H_LOGICAL_CI_STORE = 0x40,
    H_LOGICAL_CACHE_LOAD = 0x44,
    H_LOGICAL_CACHE_STORE = 0x48,
    H_LOGICAL_ICBI = 0x4C,
    H_LOGICAL_DCBF = 0x50,
    H_GET_TERM_CHAR = 0x54,
    H_PUT_TERM_CHAR = 0x58,
    H_EOI = 0x64,
    H_CPPR = 0x68,
    H_IPI = 0x6C,
    H_IPOLL = 0x70,
    H_XIRR = 0x74,
    H_MIGRATE_DMA = 0x78,
    H_PERFMON = 0x7C,
    H_REGISTER_VPA = 0xDC,
    H_CEDE = 0xE0,
    H_CONFER = 0xE4,
    H_PROD = 0xE8,
    H_GET_PPP = 0xEC,
    H_SET_PPP = 0xF0,
    H_PURR = 0xF4,
    H_PIC = 0xF8,
    H_REG_CRQ = 0xFC,
    H_FREE_CRQ = 0x100,
    H_VIO_SIGNAL = 0x104,
    H_SEND_CRQ = 0x108,
    H_REGISTER_LOGICAL_LAN = 0x114,
    H_FREE_LOGICAL_LAN = 0x118,
    H_ADD_LOGICAL_LAN_BUFFER = 0x11C,
    H_SEND_LOGICAL_LAN = 0x120,
    H_BULK_REMOVE = 0x124,
    H_MULTICAST_CTRL = 0x130,
    H_SET_XDABR = 0x134,
    H_STUFF_TCE = 0x138,
    H_PUT_TCE_INDIRECT = 0x13C,
    H_CHANGE_LOGICAL_LAN_MAC = 0x14C,
    H_VTERM_PARTNER_INFO = 0x150,
    H_REGISTER_VTERM = 0x154,
    H_FREE_VTERM = 0x158,
    H_GET_CPU_CHARACTERISTICS = 0x1C8,
    H_ILLAN_ATTRIBUTES = 0x244,
    H_JOIN = 0x298,
    H_VASI_STATE = 0x2A4,
    H_ENABLE_CRQ = 0x2B0,
    H_GET_EM_PARMS = 0x2B8,
    H_SET_MPP = 0x2D0,
    H_GET_MPP = 0x2D4,
    H_REG_SUB_CRQ = 0x2DC,
    H_FREE_SUB_CRQ = 0x2E0,
    H_SEND_SUB_CRQ = 0x2E4,
    H_SEND_SUB_CRQ_INDIRECT = 0x2E8,
    H_HOME_NODE_ASSOCIATIVITY = 0x2EC,
    H_BEST_ENERGY = 0x2F4,
    H_XIRR_X = 0x2FC,
    H_RANDOM = 0x300,
    H_GET_MPP_X = 0x314,
    H_SET_MODE = 0x31C,
    H_BLOCK_REMOVE = 0x328,
    H_CLEAR_HPT = 0x358,
    H_RESIZE_HPT_PREPARE = 0x36C,
    H_RESIZE_HPT_COMMIT = 0x370,
    H_REGISTER_PROC_TBL = 0x37C,
    H_SIGNAL_SYS_RESET = 0x380,
    H_INT_GET_SOURCE_INFO = 0x3A8,
    H_INT_SET_SOURCE_CONFIG = 0x3AC,
    H_INT_GET_SOURCE_CONFIG = 0x3B0,
    H_INT_GET_QUEUE_INFO = 0x3B4,
    H_INT_SET_QUEUE_CONFIG = 0x3B8,
    H_INT_GET_QUEUE_CONFIG = 0x3BC,
    H_INT_SET_OS_REPORTING_LINE = 0x3C0,
    H_INT_GET_OS_REPORTING_LINE = 0x3C4,
    H_INT_ESB = 0x3C8,
    H_INT_SYNC = 0x3CC,
    H_INT_RESET = 0x3D0,
    H_RPT_INVALIDATE = 0x448,
    H_GET_ENERGY_SCALE_INFO = 0x450,
    H_WATCHDOG = 0x45C,

    // From the ultravisor to the hypervisor; never accepted from a guest.
    [Purpose("The ultravisor wants a page for a guest frame: its content, with flag 1 a page to share, without that flag also the end of a share.")]
    [Answer(UReturn.H_UNSUPPORTED, "the caller is not secure, or UV_ESM has not begun")]
    [Answer(UReturn.U_P3, "order is not that of the hypervisor's pages")]
    [Answer(UReturn.U_P2, "flags has another bit than 0")]
    [Answer(UReturn.U_PARAMETER, "gpa is in no slot, the page is secure already or can't be moved, or the ultravisor refused it")]
    [Within(nameof(UltraCall.UV_PAGE_INVAL), "the page is unmapped; not before UV_ESM is complete")]
    [Within(nameof(UltraCall.UV_PAGE_IN), "unless the page was never touched")]
    [Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_pseries_do_hcall", "takes it from secure guests only")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_page_in", "serves it")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_share_page", "serves it with flag 1")]
    H_SVM_PAGE_IN = 0xEF00,

    [Purpose("The ultravisor wants the hypervisor to take a secure page out. Our ultravisor makes it by a rule only.")]
    [Answer(UReturn.H_UNSUPPORTED, "the caller is not secure, or UV_ESM has not begun")]
    [Answer(UReturn.U_P3, "order is not that of the hypervisor's pages")]
    [Answer(UReturn.U_P2, "flags is not 0")]
    [Answer(UReturn.U_PARAMETER, "gpa is in no slot, or the page could not be taken out")]
    [Within(nameof(UltraCall.UV_PAGE_INVAL), "the page is unmapped")]
    [Within(nameof(UltraCall.UV_PAGE_OUT), "unless the page is not secure")]
    [Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_pseries_do_hcall", "takes it from secure guests only")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_page_out", "serves it")]
    H_SVM_PAGE_OUT = 0xEF04,

    [Purpose("A guest is becoming an SVM: the hypervisor registers its memory.")]
    [Answer(UReturn.H_UNSUPPORTED, "there is no secure memory, the guest is no radix guest, or the caller is not secure")]
    [Answer(UReturn.U_AUTHORITY, "QEMU has not allowed it (KVM_CAP_PPC_SECURE_GUEST)")]
    [Answer(UReturn.U_PARAMETER, "the ultravisor refused a slot, or memory can't be prepared")]
    [Within(nameof(UltraCall.UV_REGISTER_MEM_SLOT), "for each memory slot")]
    [Within(nameof(UltraCall.UV_UNREGISTER_MEM_SLOT), "to roll back, if one is refused")]
    [Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_pseries_do_hcall", "takes it from secure guests only")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_init_start", "serves it")]
    H_SVM_INIT_START = 0xEF08,

    [Purpose("The SVM is complete: pages that were not asked for become secure as zeros.")]
    [Answer(UReturn.H_UNSUPPORTED, "UV_ESM has not begun, or the caller is not secure")]
    [Answer(UReturn.U_STATE, "a page can't be moved")]
    [Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_pseries_do_hcall", "takes it from secure guests only")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_init_done", "serves it")]
    H_SVM_INIT_DONE = 0xEF0C,

    [Purpose("A message to the TPM. Our ultravisor never makes it, and Linux 6.1 does not know it: QEMU answers.")]
    [Answer(UReturn.U_FUNCTION, "there is no such hypercall")]
    H_SVM_TPM_COMM = 0xEF10,

    [Purpose("UV_ESM failed: the hypervisor takes all pages back, and the guest goes on as a normal one.")]
    [Answer(UReturn.H_UNSUPPORTED, "UV_ESM has not begun")]
    [Answer(UReturn.U_STATE, "UV_ESM is complete")]
    [Answer(UReturn.U_PARAMETER, "done; this is what the guest sees of its UV_ESM")]
    [Within(nameof(UltraCall.UV_PAGE_OUT), "for each secure page")]
    [Within(nameof(UltraCall.UV_SVM_TERMINATE), "last")]
    [Linux("arch/powerpc/kvm/book3s_hv.c", "kvmppc_pseries_do_hcall", "takes it from any guest")]
    [Linux("arch/powerpc/kvm/book3s_hv_uvmem.c", "kvmppc_h_svm_init_abort", "serves it")]
    H_SVM_INIT_ABORT = 0xEF14,

    // QEMU's own (include/hw/ppc/spapr.h).
    H_RTAS = 0xF000,
    H_LOGICAL_MEMOP = 0xF001,
    H_CAS = 0xF002,
    H_UPDATE_DT = 0xF003,

    // Nested partitions: an SVM has none, so these are not passed on.
    H_SET_PARTITION_TABLE = 0xF800,
    H_ENTER_NESTED = 0xF804,
    H_TLB_INVALIDATE = 0xF808,
    H_COPY_TOFROM_GUEST = 0xF80C,
}
