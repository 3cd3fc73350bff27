using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Contracts;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;
using static RenodeUvmem.Ultravisor.Abi.UltraCall;
using static RenodeUvmem.Ultravisor.Abi.UReturn;

namespace RenodeUvmem.Ultravisor.Tests.Contracts;

/// <summary>Each answer that a contract declares can be had, by what it says. That no other is given, the hostile callers watch (<see cref="AnswerWatch"/>).</summary>
public sealed unsafe class AnswerTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Gpa = 8 * Frame;
    private const ulong Page = Bench.SparePage;

    private static readonly Dictionary<(UltraCall, long), Action<Bench>> Ways = new()
    {
        [(UV_WRITE_PATE, 0)] = bench => bench.HvCall(UV_WRITE_PATE, 5, 0, 0),
        [(UV_WRITE_PATE, U_PARAMETER)] = bench => bench.HvCall(UV_WRITE_PATE, 4096, 0, 0),
        [(UV_RESTRICTED_SPR_WRITE, 0)] = bench => bench.HvCall(UV_RESTRICTED_SPR_WRITE, SprNumber.CIABR, 0),
        [(UV_RESTRICTED_SPR_WRITE, U_PARAMETER)] = bench => bench.HvCall(UV_RESTRICTED_SPR_WRITE, SprNumber.PTCR, 0),
        [(UV_RESTRICTED_SPR_READ, 0)] = bench => bench.HvCall(UV_RESTRICTED_SPR_READ, SprNumber.CIABR),
        [(UV_RESTRICTED_SPR_READ, U_PARAMETER)] = bench => bench.HvCall(UV_RESTRICTED_SPR_READ, SprNumber.PTCR),
        [(UV_ESM, 0)] = bench => bench.GoSecure(),
        [(UV_ESM, U_P2)] = bench => Esm(bench, 0, Bench.TreeAddress),
        [(UV_ESM, U_P3)] = bench => Esm(bench, Bench.KernelBase, 0),
        [(UV_ESM, U_PERMISSION)] = bench =>
        {
            bench.StartGuest();
            bench.S->Spr[SprNumber.LPIDR] = 0;
            bench.Call((ulong)UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        },
        [(UV_ESM, U_RETRY)] = bench =>
        {
            bench.Starting();
            Esm(bench, Bench.KernelBase, Bench.TreeAddress);
        },
        [(UV_ESM, U_PARAMETER)] = bench =>
        {
            bench.Hook = (call, _) => call == HCall.H_SVM_INIT_DONE ? U_STATE : null;
            bench.GoSecure();
        },
        [(UV_READ_SCOM, 0)] = bench => Scom(bench).HvCall(UV_READ_SCOM, 0, 1),
        [(UV_READ_SCOM, U_PARAMETER)] = bench => Scom(bench).HvCall(UV_READ_SCOM, 0, 2),
        [(UV_WRITE_SCOM, 0)] = bench => Scom(bench).HvCall(UV_WRITE_SCOM, 0, 1, 5),
        [(UV_WRITE_SCOM, U_PARAMETER)] = bench => Scom(bench).HvCall(UV_WRITE_SCOM, 0, 2, 5),
        [(UV_RETURN, 0)] = bench => bench.Running().GuestCall(UV_SHARE_PAGE, 8, 1),
        [(UV_RETURN, U_PARAMETER)] = bench => bench.Running().HvCall(UV_RETURN),
        [(UV_REGISTER_MEM_SLOT, 0)] = bench => bench.Running().HvCall(UV_REGISTER_MEM_SLOT, Bench.Lpid, Bench.GuestSize, Frame, 0, 1),
        [(UV_REGISTER_MEM_SLOT, U_P4)] = bench => bench.Running().HvCall(UV_REGISTER_MEM_SLOT, Bench.Lpid, Bench.GuestSize, Frame, 1, 1),
        [(UV_REGISTER_MEM_SLOT, U_PARAMETER)] = bench => bench.Running().HvCall(UV_REGISTER_MEM_SLOT, Bench.Lpid, 0, Frame, 0, 1),
        [(UV_UNREGISTER_MEM_SLOT, 0)] = bench => bench.Running().HvCall(UV_UNREGISTER_MEM_SLOT, Bench.Lpid, 0),
        [(UV_UNREGISTER_MEM_SLOT, U_PARAMETER)] = bench => bench.Running().HvCall(UV_UNREGISTER_MEM_SLOT, Bench.Lpid, 1),
        [(UV_PAGE_IN, 0)] = bench => PageIn(bench.Starting(), Page, Gpa),
        [(UV_PAGE_IN, U_P5)] = bench => PageIn(bench.Running(), Page, Gpa, 12),
        [(UV_PAGE_IN, U_P2)] = bench => PageIn(bench.Running(), Page, Gpa),
        [(UV_PAGE_IN, U_PARAMETER)] = bench => PageIn(bench, Page, Gpa),
        [(UV_PAGE_IN, U_STATE)] = bench =>
        {
            bench.Starting().Svm.State = SvmState.Aborting;
            PageIn(bench, Page, Gpa);
        },
        [(UV_PAGE_IN, U_P3)] = bench =>
        {
            bench.Running().HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Gpa, 0, 16);
            bench.Bytes(Page, 1)[0] ^= 1;
            PageIn(bench, Page, Gpa);
        },
        [(UV_PAGE_IN, U_RETRY)] = bench =>
        {
            bench.Starting();
            while (bench.Uv.Heap.TakeFrame() != 0)
            {
            }

            PageIn(bench, Page, Gpa);
        },
        [(UV_PAGE_OUT, 0)] = bench => bench.Running().HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Gpa, 0, 16),
        [(UV_PAGE_OUT, U_P5)] = bench => bench.Running().HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Gpa, 0, 12),
        [(UV_PAGE_OUT, U_P2)] = bench => bench.Running().HvCall(UV_PAGE_OUT, Bench.Lpid, Bench.SecureBase, Gpa, 0, 16),
        [(UV_PAGE_OUT, U_PARAMETER)] = bench => bench.HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Gpa, 0, 16),
        [(UV_PAGE_OUT, U_P3)] = bench => bench.Running().HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Bench.GuestSize, 0, 16),
        [(UV_PAGE_OUT, U_RETRY)] = bench =>
        {
            bench.Running().FrameAt(Gpa).State = PageState.HV_UNSHARED;
            bench.HvCall(UV_PAGE_OUT, Bench.Lpid, Page, Gpa, 0, 16);
        },
        [(UV_PAGE_INVAL, 0)] = bench =>
        {
            bench.Running().GuestCall(UV_SHARE_PAGE, 8, 1);
            bench.HvCall(UV_PAGE_INVAL, Bench.Lpid, Gpa, 16);
        },
        [(UV_PAGE_INVAL, U_P3)] = bench => bench.Running().HvCall(UV_PAGE_INVAL, Bench.Lpid, Gpa, 12),
        [(UV_PAGE_INVAL, U_PARAMETER)] = bench => bench.HvCall(UV_PAGE_INVAL, Bench.Lpid, Gpa, 16),
        [(UV_PAGE_INVAL, U_STATE)] = bench =>
        {
            bench.Starting().Svm.State = SvmState.Aborting;
            bench.HvCall(UV_PAGE_INVAL, Bench.Lpid, Gpa, 16);
        },
        [(UV_PAGE_INVAL, U_P2)] = bench => bench.Running().HvCall(UV_PAGE_INVAL, Bench.Lpid, Gpa, 16),
        [(UV_SHARE_PAGE, 0)] = bench => bench.Running().GuestCall(UV_SHARE_PAGE, 8, 1),
        [(UV_SHARE_PAGE, U_P2)] = bench => bench.Running().GuestCall(UV_SHARE_PAGE, 1000, 1),
        [(UV_UNSHARE_PAGE, 0)] = bench => bench.Running().GuestCall(UV_UNSHARE_PAGE, 8, 1),
        [(UV_UNSHARE_PAGE, U_P2)] = bench => bench.Running().GuestCall(UV_UNSHARE_PAGE, 1000, 1),
        [(UV_UNSHARE_ALL_PAGES, 0)] = bench => bench.Running().GuestCall(UV_UNSHARE_ALL_PAGES),
        [(UV_UNSHARE_ALL_PAGES, U_P2)] = bench =>
        {
            bench.Running().GuestCall(UV_SHARE_PAGE, 8, 1);
            bench.Hook = (_, _) => U_PARAMETER;
            bench.GuestCall(UV_UNSHARE_ALL_PAGES);
        },
        [(UV_SVM_TERMINATE, 0)] = bench => bench.Running().HvCall(UV_SVM_TERMINATE, Bench.Lpid),
    };

    private static IEnumerable<TestCaseData> Declared =>
        from contract in ContractBook.Calls
        where !contract.Call.IsHypercall
        from answer in contract.Answers
        select new TestCaseData((UltraCall)contract.Call.Number, answer.Code).SetArgDisplayNames(contract.Call.ToString(), UReturn.Name(answer.Code));

    [TestCaseSource(nameof(Declared))]
    public void DeclaredAnswerIsGiven(UltraCall call, long code)
    {
        using var bench = new Bench();
        Action<Bench> way = Ways.GetValueOrDefault((call, code)) ?? Common(call, code);
        way(bench);
        Assert.That(bench.Log.Events.Where(happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call).Select(happened => happened.Result), Does.Contain(code));
    }

    [Test]
    public void NothingElseIsTried() => Assert.That(
        Ways.Keys.Where(way => !Declared.Any(data => way == ((UltraCall)data.Arguments[0]!, (long)data.Arguments[1]!))),
        Is.Empty,
        "answers that are given and not declared");

    // The caller is the wrong one, or in a transaction.
    private static Action<Bench> Common(UltraCall call, long code) => bench =>
    {
        bool byHypervisor = UltravisorModel.HandlerOf(call)!.Caller == Caller.Hypervisor;
        Assert.That(code, Is.AnyOf(U_PERMISSION, U_BAD_MODE), "no way is known to get this answer");
        if (byHypervisor == (code == U_BAD_MODE))
            bench.Running().Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        else
            bench.Running();
        if (code == U_BAD_MODE)
            bench.S->Msr |= Msr.TS;
        bench.Call((ulong)call, 0x5000, 1, 1, 1, 1, 1);
    };

    private static void Esm(Bench bench, ulong kernel, ulong tree)
    {
        bench.StartGuest();
        bench.Call((ulong)UV_ESM, 0x5000, kernel, tree);
    }

    private static void PageIn(Bench bench, ulong page, ulong gpa, ulong order = 16) => bench.HvCall(UV_PAGE_IN, Bench.Lpid, page, gpa, 0, order);

    private static Bench Scom(Bench bench)
    {
        bench.Uv.Scom = new OneRegister();
        return bench;
    }

    private sealed class OneRegister : IScomBus
    {
        public bool TryRead(ulong chip, ulong address, out ulong value)
        {
            value = 0;
            return address == 1;
        }

        public bool TryWrite(ulong chip, ulong address, ulong value) => address == 1;
    }
}
