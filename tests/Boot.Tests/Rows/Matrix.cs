using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>The rows.</summary>
internal static class Matrix
{
    private const ulong MiB = 1 << 20;

    private static readonly RowMachine Usual = new("matrix", 1024 * MiB);
    private static readonly RowMachine NoPool = new("no-pool", 0);
    private static readonly RowMachine SmallPool = new("small-pool", 128 * MiB, new UltravisorOptions { Overcommit = true });

    public static readonly Row[] All =
    [
        new("I1", NoPool, "I1", _ => { }),
        new("P13", SmallPool, "P13", _ => { }),
        new("I9", Usual, "I9", _ => { }),
        new("A3", Usual, "A3", _ => { }),
        new("A9", Usual, "A9", _ => { }) { Rules = ["UV_REGISTER_MEM_SLOT return=-4"] },
        new("P17", Usual, "P17", _ => { }),
        new("P2", Usual, "P2", _ => { }) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=0 order=12"] },
        new("P3", Usual, "P3", _ => { }) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x100000 flags=2 order=16"] },
        new("S6", Usual, "S6", _ => { }) { Rules = ["UV_SHARE_PAGE hcall=H_SVM_PAGE_IN gpa=0x400000000000 flags=1 order=16"] },
        new("S1", Usual, "S1", _ => { }),
        new("P20", Usual, "P20", _ => { }),
        new("F1", Usual, "F1", _ => { }),
        new("U1", Usual, "U1", _ => { }),
        new("S14", Usual, "S14", _ => { }),
        new("T3", Usual, "T3", _ => { }),
        new("T5", Usual, "T5", _ => { }),
    ];
}
