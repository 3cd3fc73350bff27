using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Calls;

[Purpose("Sets a partition table entry. Of an SVM only doubleword 1, the process table: doubleword 0 is the ultravisor's.")]
[Answer(UReturn.U_PARAMETER, "lpid is not below 4096")]
[Linux("arch/powerpc/mm/book3s64/pgtable.c", "mmu_partition_table_set_entry", "makes it")]
internal sealed class UvWritePate : UltraCallHandler
{
    public override UltraCall Number => UltraCall.UV_WRITE_PATE;

    public override Caller Caller => Caller.Hypervisor;

    public override string[] Arguments { get; } = ["lpid", "dw0", "dw1"];

    public override CallResult Execute(UltravisorModel uv, in CallFrame frame)
    {
        ulong lpid = frame[0];
        if (lpid >= PartitionTable.Count)
            return UReturn.U_PARAMETER;
        uv.PartitionTable[lpid] = (uv.FindSvm(lpid) is null ? frame[1] : uv.PartitionTable[lpid].Dw0, frame[2]);
        uv.FlushTranslations(lpid);
        return UReturn.U_SUCCESS;
    }
}
