using NUnit.Framework;
using RenodeUvmem.Power9.Snapshots;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Where a host lets runs end does not show: not in registers, not in what is cached of translations.</summary>
internal sealed class RunBoundaryTests
{
    private const int Count = 12;

    // The page that executes loses its translation; nothing leads out of it and back.
    private static readonly uint[][] Programs =
    [
        [Word("tlbiel", 4, 5, 2, 0, 1)],
        [Word("tlbie", 4, 5, 2, 0, 1)],
        [Word("mtspr", State.SprNumber.HRMOR, 6)],
    ];

    [Test]
    public void OneRunIsAsManyRuns([Range(0, 2)] int program)
    {
        SnapshotWriter inOne = After(Programs[program], Count);
        SnapshotWriter inMany = After(Programs[program], 1);
        Assert.That(inMany.DifferenceTo(inOne), Is.Null);
    }

    private static SnapshotWriter After(uint[] program, int atOnce)
    {
        using var machine = new BareMachine();
        machine.Put(BareMachine.Code, [Word("ori", 0, 0, 0), .. program, Word("addi", 3, 3, 1), Word("addi", 3, 3, 1), Word("b", -8)]);

        // RB of tlbie: IS=3, everything.
        machine.WithGpr(4, 3UL << 10);
        machine.At(BareMachine.KernelBase + BareMachine.Code, BareMachine.HypervisorMsr | BareMachine.Relocated);
        for (int done = 0; done < Count; done += atOnce)
            machine.Cpu.Execute(atOnce);
        Assert.That(machine.Gpr(3), Is.GreaterThan(5));
        var writer = new SnapshotWriter("");
        machine.Cpu.Save(writer);
        return writer;
    }
}
