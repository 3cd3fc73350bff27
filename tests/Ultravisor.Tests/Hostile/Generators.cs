using RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile;

/// <summary>All kinds of attack.</summary>
internal static class Generators
{
    private const int CaseLength = 500;
    private const int CheckEvery = 100;

    public static readonly IReadOnlyList<Generator> All =
    [
        Model("calls", "ultracalls and hypercalls of everyone, with random arguments", 2, Calls()),
        Model("pages", "page-in, page-out, sharing and slots, with changed, exchanged, replayed and moved ciphertext", 3, Pages()),
        Model("returns", "UV_RETURN with random registers and forged cookies, RTAS with random arguments", 2, Returns()),
        Model("life", "guests that go secure and end at any moment", 0, Life()),
        new("trees", "device trees that UV_ESM gets from a guest: spoilt, made up, made to take for ever", seed => new TreeTarget(seed), CaseLength, CaseLength),
        new("access", "each storage instruction of hypervisor and guests at an SVM's pages, by every way that leads there", seed => new AccessTarget(seed), CaseLength, CheckEvery),
        new("code", "random instructions of hypervisor, guests and SVM, over page tables that are spoilt", seed => new CodeTarget(seed), CaseLength, CheckEvery),
    ];

    public static Generator? Find(string name) => All.FirstOrDefault(generator => generator.Name == name);

    private static Generator Model(string name, string about, int secure, Cast cast) =>
        new(name, about, seed => new ModelTarget(seed, cast, secure), CaseLength, CheckEvery);

    private static Cast Calls() => new(
        new Acts<HypervisorAct>()
            .Add(6, HypervisorActs.Serve).Add(6, HypervisorActs.AnyCall).Add(4, HypervisorActs.MutatedPageCall).Add(2, HypervisorActs.UnknownCall)
            .Add(2, HypervisorActs.UserCall).Add(2, HypervisorActs.Slot).Add(2, HypervisorActs.Pate).Add(1, HypervisorActs.Enter)
            .Add(1, HypervisorActs.Dma).Add(1, HypervisorActs.ServeBadly).Add(2, HypervisorActs.Revive),
        new Acts<GuestAct>()
            .Add(4, GuestActs.Hypercall).Add(3, GuestActs.ShareWildly).Add(2, GuestActs.Forbidden).Add(1, GuestActs.UserHypercall).Add(1, GuestActs.GoSecure)
            .Add(1, GuestActs.Write).Add(1, GuestActs.Read).Add(1, GuestActs.Leave),
        new Acts<GuestAct>().Add(3, GuestActs.Forbidden).Add(1, GuestActs.GoSecure));

    private static Cast Pages() => new(
        new Acts<HypervisorAct>()
            .Add(8, HypervisorActs.Serve).Add(2, HypervisorActs.ServeBadly).Add(8, HypervisorActs.PageCall).Add(1, HypervisorActs.MutatedPageCall)
            .Add(3, HypervisorActs.Tamper).Add(1, HypervisorActs.Slot).Add(1, HypervisorActs.Reslot).Add(1, HypervisorActs.StartCpu)
            .Add(1, HypervisorActs.Revive),
        new Acts<GuestAct>()
            .Add(3, GuestActs.Write).Add(3, GuestActs.Read).Add(3, GuestActs.Execute).Add(3, GuestActs.Share).Add(1, GuestActs.ShareWildly).Add(2, GuestActs.Leave)
            .Add(1, GuestActs.Rtas),
        new Acts<GuestAct>().Add(1, GuestActs.GoSecure));

    private static Cast Returns() => new(
        new Acts<HypervisorAct>()
            .Add(4, HypervisorActs.Serve).Add(8, HypervisorActs.ReturnWildly).Add(2, HypervisorActs.ServeBadly).Add(2, HypervisorActs.StartCpu)
            .Add(1, HypervisorActs.PageCall).Add(3, HypervisorActs.Revive),
        new Acts<GuestAct>()
            .Add(3, GuestActs.Hypercall).Add(3, GuestActs.Rtas).Add(3, GuestActs.Leave).Add(1, GuestActs.Execute).Add(1, GuestActs.Write).Add(1, GuestActs.Read)
            .Add(1, GuestActs.Share),
        new Acts<GuestAct>().Add(1, GuestActs.GoSecure));

    private static Cast Life() => new(
        new Acts<HypervisorAct>()
            .Add(30, HypervisorActs.Serve).Add(1, HypervisorActs.ServeBadly).Add(1, HypervisorActs.Terminate).Add(2, HypervisorActs.Enter)
            .Add(2, HypervisorActs.PageCall).Add(1, HypervisorActs.Slot).Add(1, HypervisorActs.StartCpu).Add(1, HypervisorActs.Revive),
        new Acts<GuestAct>()
            .Add(2, GuestActs.Write).Add(2, GuestActs.Read).Add(2, GuestActs.Share).Add(2, GuestActs.Leave).Add(1, GuestActs.Rtas).Add(1, GuestActs.Hypercall),
        new Acts<GuestAct>().Add(4, GuestActs.GoSecure).Add(1, GuestActs.Forbidden));
}
