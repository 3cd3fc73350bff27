using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>
/// What the hypervisor's page calls answer in each state, and the state they leave: the PEF firmware's table (open-power/ultravisor core/svm_host.c
/// 1251-1508), written down here once more, apart from the model's own.
/// </summary>
internal static class Contract
{
    /// <summary>Answer and next state.</summary>
    public readonly record struct Outcome(long Code, PageState Next);

    /// <param name="state">The frame's.</param>
    /// <param name="starting">UV_ESM is under way.</param>
    /// <param name="genuine">The page is what UV_PAGE_OUT made of this frame last.</param>
    public static Outcome PageIn(PageState state, bool starting, bool genuine) => state switch
    {
        PageState.SECURE or PageState.HV_UNSHARED => new(starting ? 0 : UReturn.U_P2, state),
        PageState.PAGEDOUT => genuine ? new(0, PageState.SECURE) : new(UReturn.U_P3, PageState.PAGEDOUT),
        PageState.HV_SHARING or PageState.HV_SHARED or PageState.HV_SHARED_INV => new(0, PageState.HV_SHARED),
        PageState.SHARED or PageState.SHARED_INV => new(0, PageState.SHARED),
        PageState.SHARED_IMPLICIT or PageState.SHARED_IMPLICIT_INV => new(0, PageState.SHARED_IMPLICIT),
        PageState.PSEUDO_SHARED or PageState.PSEUDO_SHARED_INV => new(0, PageState.PSEUDO_SHARED),
        _ => new(0, PageState.HV_UNSHARING),
    };

    public static Outcome PageOut(PageState state, SvmState svm) => state switch
    {
        PageState.SECURE => new(0, svm == SvmState.Aborting ? PageState.SECURE : PageState.PAGEDOUT),
        PageState.HV_UNSHARED => new(UReturn.U_RETRY, state),
        _ => new(UReturn.U_PARAMETER, state),
    };

    public static Outcome PageInval(PageState state) => state switch
    {
        PageState.HV_SHARED or PageState.HV_SHARED_INV => new(0, PageState.HV_SHARED_INV),
        PageState.SHARED or PageState.SHARED_INV => new(0, PageState.SHARED_INV),
        PageState.SHARED_IMPLICIT or PageState.SHARED_IMPLICIT_INV => new(0, PageState.SHARED_IMPLICIT_INV),
        PageState.PSEUDO_SHARED or PageState.PSEUDO_SHARED_INV => new(0, PageState.PSEUDO_SHARED_INV),
        PageState.HV_UNSHARING or PageState.HV_UNSHARING_INV => new(0, PageState.HV_UNSHARING_INV),
        _ => new(UReturn.U_P2, state),
    };
}
