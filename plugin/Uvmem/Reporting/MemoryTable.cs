using System.Globalization;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>What of the host's memory a machine has taken, and what bounds it.</summary>
internal static unsafe class MemoryTable
{
    private const double MiB = 1 << 20;

    // Decoded pages are 1024 slots and one behind the last.
    private static readonly double CodePageBytes = (Insn.SlotsPerPage + 1) * sizeof(Insn);
    private static readonly double SpaceBytes = (TlbEntry.Count * sizeof(TlbEntry)) + (CodeTlbEntry.Count * sizeof(CodeTlbEntry));

    /// <summary>Lines with line ends.</summary>
    public static string Of(Machine machine)
    {
        var table = new TextTable("host memory, MiB", "now", "at most");
        Add(table, "RAM that was touched", Touched(machine, secure: false), SizeOf(machine, secure: false));
        if (SizeOf(machine, secure: true) is var secure and > 0)
            Add(table, "secure memory that was touched", Touched(machine, secure: true), secure);
        Add(table, "what is kept about pages of RAM", PageBytes(machine), PageBytes(machine));
        Add(table, "decoded code", machine.Memory.Code.Count * CodePageBytes, CodeCache.Limit * CodePageBytes);
        Add(table, "TLBs", machine.All.Sum(processor => processor.Cpu.CachedSpaces) * SpaceBytes, machine.All.Count * AddressSpaces.Limit * SpaceBytes);
        Add(table, "objects of .NET", GC.GetTotalMemory(forceFullCollection: false), null);
        return table.ToString();
    }

    private static void Add(TextTable table, string name, double now, double? most) => table.Add(name, Text(now), most is { } limit ? Text(limit) : "");

    private static string Text(double bytes) => (bytes / MiB).ToString("N1", CultureInfo.InvariantCulture);

    private static IEnumerable<RamRange> Ranges(Machine machine, bool secure) => machine.Memory.Ranges.Where(range => range.Secure == secure);

    private static double SizeOf(Machine machine, bool secure) => Ranges(machine, secure).Sum(range => (double)range.Size);

    private static double PageBytes(Machine machine) => machine.Memory.Ranges.Sum(range => (double)(range.Size >> 12) * sizeof(PageInfo));

    private static double Touched(Machine machine, bool secure) =>
        Ranges(machine, secure).Sum(range => HostPages.Used(range.Host, range.Size, (ulong)Environment.SystemPageSize).Sum(part => (double)part.Length));
}
