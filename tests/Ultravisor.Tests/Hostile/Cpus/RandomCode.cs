using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>Instruction words: any, valid ones with random fields, and more of those that change the machine's state than chance would give.</summary>
internal static class RandomCode
{
    private static readonly Type[] SystemGroups =
    [
        typeof(SystemLinkage), typeof(MachineState), typeof(TranslationControl), typeof(Messages), typeof(CacheInhibited), typeof(Cache),
        typeof(CopyPaste), typeof(AtomicMemory), typeof(Reservation), typeof(Quadword), typeof(LoadStoreMultiple), typeof(StringMove),
    ];

    private static readonly InstructionRow[] Rows = [.. InstructionTable.Instance.Rows];
    private static readonly InstructionRow[] SystemRows = [.. Rows.Where(row => SystemGroups.Contains(row.Group))];
    private static readonly InstructionRow[] StorageRows = [.. Rows.Where(row => row.Declaration.Operands.Contains("RA0", StringComparison.Ordinal))];
    private static readonly SprRow[] Sprs = [.. SprTable.Rows];

    public static uint Word(FuzzRandom random) => random.Below(8) switch
    {
        0 => (uint)random.Next(),
        1 or 2 => Of(random, SystemRows),
        3 => Spr(random),
        4 or 5 => Of(random, StorageRows),
        _ => Of(random, Rows),
    };

    private static uint Of(FuzzRandom random, InstructionRow[] rows)
    {
        InstructionRow row = random.PickOf(rows);
        uint word = row.Value | ((uint)random.Next() & ~row.Mask);
        return random.OneIn(16) ? word ^ (1u << random.Below(32)) : word;
    }

    // mfspr or mtspr of an SPR that there is.
    private static uint Spr(FuzzRandom random)
    {
        uint number = (uint)random.PickOf(Sprs).Number;
        uint opcode = (31u << 26) | ((random.OneIn(2) ? 467u : 339u) << 1);
        return opcode | ((uint)random.Below(32) << 21) | ((number & 31) << 16) | ((number >> 5) << 11);
    }
}
