using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 12: the way in and out of secure guests.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Entry =>
    [
        new("V1", Machines.Usual, "P17", row =>
        {
            UvEvent[] esm = [.. row.Events.SkipWhile(happened => happened.Kind != UvEventKind.ReverseCall).TakeWhile(happened => happened is not { Kind: UvEventKind.ReverseResult, Number: (ulong)HCall.H_SVM_INIT_DONE })];
            Assert.That(esm.Count(happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_RETURN }) + 1, Is.EqualTo(esm.Count(happened => happened.Kind == UvEventKind.ReverseCall)), "one UV_RETURN for each question, the last one is still to come");
        }),
        new("V3", Machines.Usual, "P17", row => After(row, UvEventKind.Interrupt, 0x980, happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_RETURN })),
        new("V4", Machines.OnXics, "idle", row => Assert.That(
            row.Events.Where(happened => happened.Kind == UvEventKind.Injection).Select(happened => happened.Number),
            Is.SupersetOf(new[] { 0xC000000000004500UL, 0xC000000000004900UL }))),

        // The guest's timer wakes it.
        new("V5", Machines.Running, "idle", row => After(row, UvEventKind.ReverseResult, (ulong)HCall.H_CEDE, happened => happened is { Kind: UvEventKind.Injection, Number: 0xC000000000004900UL })),
        new("V6", Machines.Usual, "P17", row =>
        {
            ulong[] forwarded = [.. row.Events.Where(happened => happened.Kind == UvEventKind.Reflection).Select(happened => happened.Number)];
            Assert.That(forwarded, Is.SupersetOf(new[] { (ulong)HCall.H_SET_MODE, (ulong)HCall.H_REGISTER_PROC_TBL }));
            int table = row.Events.ToList().FindIndex(happened => happened is { Kind: UvEventKind.Reflection, Number: (ulong)HCall.H_REGISTER_PROC_TBL });
            UvEvent next = row.Events.Skip(table).First(happened => happened.Kind == UvEventKind.UltraCall);
            Assert.That(((UltraCall)next.Number, next.Result), Is.EqualTo((UltraCall.UV_WRITE_PATE, 0L)), "the guest's process table reaches the ultravisor");
        }),

        // What QEMU sees of a guest's registers: the cookie for its address, zeros for the rest.
        new("V7", Machines.Running, "registers", row =>
        {
            string[] registers = [.. row.Lines.Where(line => line.StartsWith("svmhost: registers", StringComparison.Ordinal))];
            Assert.That(registers[0], Does.Not.Contain("NIP c0000000").And.Not.Contain("NIP c008"), "no address of the guest's kernel");
            Assert.That(registers, Has.Some.Contains("GPR16 0000000000000000 0000000000000000 0000000000000000 0000000000000000"));
        }),
    ];

    // After some event of a kind the next one of any is another.
    private static void After(Segment row, UvEventKind kind, ulong number, Predicate<UvEvent> next) =>
        Assert.That(
            Enumerable.Range(0, row.Events.Count - 1).Any(n => row.Events[n].Kind == kind && row.Events[n].Number == number && row.Events.Skip(n + 1).Take(3).Any(happened => next(happened))),
            Is.True);
}
