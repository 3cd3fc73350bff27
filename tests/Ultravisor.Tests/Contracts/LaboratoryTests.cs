using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Contracts;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Tests.Contracts;

/// <summary>What is told about page states is the firmware's table.</summary>
public sealed class LaboratoryTests
{
    [TestCaseSource(typeof(PageStateTableTests), nameof(PageStateTableTests.HypervisorCalls))]
    public void HypervisorCalls(PageState state, long inAnswer, PageState afterIn, long outAnswer, PageState afterOut, long invalAnswer, PageState afterInval)
    {
        Expect(UltraCall.UV_PAGE_IN, state, inAnswer, afterIn);
        Expect(UltraCall.UV_PAGE_OUT, state, outAnswer, afterOut);
        Expect(UltraCall.UV_PAGE_INVAL, state, invalAnswer, afterInval);
    }

    [TestCaseSource(typeof(PageStateTableTests), nameof(PageStateTableTests.GuestCalls))]
    public void GuestCalls(PageState state, long shareAnswer, PageState afterShare, long unshareAnswer, PageState afterUnshare)
    {
        Expect(UltraCall.UV_SHARE_PAGE, state, shareAnswer, afterShare);
        Expect(UltraCall.UV_UNSHARE_PAGE, state, unshareAnswer, afterUnshare);
    }

    [Test]
    public void TextHasTheTable()
    {
        string text = ContractText.Of(ContractBook.FindCall("uv_page_in")!);
        Assert.That(text, Does.Match(@"SHARED_INV +0 +SHARED\b").And.Match(@"HV_UNSHARED +-55 \(U_P2\) +HV_UNSHARED"));
        Assert.That(ContractText.Of(PageState.PAGEDOUT), Does.Match(@"UV_SHARE_PAGE +0 +SECURE, HV_SHARING, HV_SHARED, SHARED +H_SVM_PAGE_IN flags=0, H_SVM_PAGE_IN flags=1"));
    }

    [Test]
    public void EverythingIsExplained()
    {
        Assert.That(ContractBook.Names, Is.SupersetOf(Enum.GetNames<UltraCall>()));
        Assert.That(ContractBook.Names, Is.SupersetOf(Enum.GetNames<PageState>()));
        Assert.That(ContractBook.Names.Count(name => name.StartsWith("H_SVM_", StringComparison.Ordinal)), Is.EqualTo(6));
        string list = ContractText.List();
        foreach (string name in ContractBook.Names)
            Assert.That(list, Does.Contain(name));
        foreach (WithinAttribute within in ContractBook.Calls.SelectMany(contract => contract.Within))
            Assert.That(ContractBook.FindCall(within.Call), Is.Not.Null, within.Call);
    }

    private static void Expect(UltraCall call, PageState before, long answer, PageState after)
    {
        Behaviour behaviour = Laboratory.Try(call, before);
        Assert.That((behaviour.Answer, behaviour.After), Is.EqualTo((answer, after)), $"{call} on {before}");
    }
}
