using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Watchpoints of gdb: any access that touches the watched bytes stops behind its instruction.</summary>
[TestFixture]
[RequiresRenode]
[RequiresGdb]
internal sealed class WatchTests
{
    private const ulong Watched = 0x2000;
    private const uint Nop = 0x60000000;
    private const uint BranchToSelf = 0x48000000;

    private RenodeProcess renode = null!;

    [OneTimeSetUp]
    public void Start()
    {
        renode = RenodeProcess.Start();
        renode.LoadPlugin();
    }

    [OneTimeTearDown]
    public void End() => renode.Dispose();

    // GPR 3 = 0x2000, GPR 4 = 0x1122334455667788, VR 2 = 16 times 0x21; before, the watched doubleword is -1. Memory is little-endian.
    [TestCase(0x98830003u, 0xFFFFFFFF_88FFFFFFUL, TestName = "{m}(stb r4,3(r3))")]
    [TestCase(0xB0830006u, 0x7788FFFF_FFFFFFFFUL, TestName = "{m}(sth r4,6(r3))")]
    [TestCase(0x90830000u, 0xFFFFFFFF_55667788UL, TestName = "{m}(stw r4,0(r3))")]
    [TestCase(0xF8830000u, 0x11223344_55667788UL, TestName = "{m}(std r4,0(r3))")]
    [TestCase(0xF883FFFCu, 0xFFFFFFFF_11223344UL, TestName = "{m}(std r4,-4(r3), over two doublewords and two pages)")]
    [TestCase(0xF8830004u, 0x55667788_FFFFFFFFUL, TestName = "{m}(std r4,4(r3), over two doublewords)")]
    [TestCase(0x9083FFFDu, 0xFFFFFFFF_FFFFFF55UL, TestName = "{m}(stw r4,-3(r3), its last byte)")]
    [TestCase(0x7C4019CEu, 0x21212121_21212121UL, TestName = "{m}(stvx v2,0,r3, 16 bytes)")]
    [TestCase(0x7C001FECu, 0UL, TestName = "{m}(dcbz 0,r3, 128 bytes)")]
    public void Store(uint store, ulong expected)
    {
        using GdbProcess gdb = Prepared(Nop, store, Nop, BranchToSelf);
        gdb.Run($"watch *(long*)0x{Watched:x}");
        GdbStop stop = gdb.Resume("continue");
        Assert.That(stop.Reason, Is.EqualTo("watchpoint-trigger"));
        Assert.That((stop.Old, unchecked((ulong)stop.New)), Is.EqualTo((-1L, expected)));
        Assert.That(stop.Address, Is.EqualTo(BareMachine.Code + 8), "behind the store");
    }

    [Test]
    public void Two_stores_in_a_row_are_two_stops()
    {
        using GdbProcess gdb = Prepared(0x98830003, 0x90830000, BranchToSelf);
        gdb.Run($"watch *(long*)0x{Watched:x}");
        Assert.That((gdb.Resume("continue").New, gdb.Number("$pc")), Is.EqualTo((unchecked((long)0xFFFFFFFF_88FFFFFF), BareMachine.Code + 4)));
        Assert.That((gdb.Resume("continue").New, gdb.Number("$pc")), Is.EqualTo((unchecked((long)0xFFFFFFFF_55667788), BareMachine.Code + 8)));
    }

    [Test]
    public void Neighbours_do_not_stop()
    {
        // stb r4,-1(r3); stb r4,8(r3); ld r5,0(r3); nop; stb r4,0(r3)
        using GdbProcess gdb = Prepared(0x9883FFFF, 0x98830008, 0xE8A30000, Nop, 0x98830000, BranchToSelf);
        gdb.Run($"watch *(long*)0x{Watched:x}");
        Assert.That((gdb.Resume("continue").Reason, gdb.Number("$pc")), Is.EqualTo(("watchpoint-trigger", BareMachine.Code + 20)));
    }

    [Test]
    public void Loads_stop_read_and_access_watchpoints()
    {
        // stb r4,0(r3); ld r5,0(r3); nop; stb r4,1(r3)
        using GdbProcess gdb = Prepared(0x98830000, 0xE8A30000, Nop, 0x98830001, BranchToSelf);
        gdb.Run($"rwatch *(long*)0x{Watched:x}");
        Assert.That((gdb.Resume("continue").Reason, gdb.Number("$pc")), Is.EqualTo(("read-watchpoint-trigger", BareMachine.Code + 8)));
        Assert.That(gdb.Number("$r5"), Is.EqualTo(0xFFFFFFFF_FFFFFF88));
        gdb.Run("delete");
        gdb.Run($"awatch *(int*)0x{Watched:x}");
        Assert.That((gdb.Resume("continue").Reason, gdb.Number("$pc")), Is.EqualTo(("access-watchpoint-trigger", BareMachine.Code + 16)));
    }

    [Test]
    public void A_watchpoint_without_hardware_steps()
    {
        using GdbProcess gdb = Prepared(Nop, Nop, 0x98830000, Nop, BranchToSelf);
        gdb.Run("set can-use-hw-watchpoints 0");
        gdb.Run($"watch *(long*)0x{Watched:x}");
        Assert.That((gdb.Resume("continue").Reason, gdb.Number("$pc")), Is.EqualTo(("watchpoint-trigger", BareMachine.Code + 12)));
    }

    [Test]
    public void The_Monitor_s_watchpoints_are_called_with_what_happened()
    {
        using GdbProcess gdb = Prepared(Nop, 0xF8830000, BranchToSelf);
        gdb.Run("detach");
        renode.Command("pause");
        renode.Command($"sysbus AddWatchpointHook 0x{Watched:x} QuadWord Write \"cpu.InfoLog('stored %x at %x' % (value, address))\"");
        renode.Command($"sysbus AddWatchpointHook 0x{Watched:x} Word Write \"cpu.InfoLog('not this one')\"");
        renode.Command($"cpu0 AddHook 0x{BareMachine.Code + 4:x} \"cpu.InfoLog('before the store')\"");
        renode.Command($"cpu0 AddHook 0x{BareMachine.Code:x} \"nonsense\"");
        renode.Command($"cpu0 PC 0x{BareMachine.Code:x}");
        renode.Command("emulation RunFor \"0.0001\"");
        Assert.That(renode.Log, Does.Contain("stored 1122334455667788 at 2000").And.Contain("before the store").And.Not.Contain("not this one"));
        Assert.That(renode.Log, Does.Contain("name 'nonsense' is not defined"));
        Assert.That(renode.Command("cpu0 PC"), Does.Contain($"{BareMachine.Code + 8:x}"));
    }

    private GdbProcess Prepared(params uint[] code)
    {
        GdbProcess gdb = BareMachine.Attach(renode, code);
        gdb.Run($"set $r3 = 0x{Watched:x}");
        gdb.Run("set $r4 = 0x1122334455667788");
        for (int n = 0; n < 4; n++)
            gdb.Run($"set $vr2.v4_int32[{n}] = 0x21212121");
        gdb.Run($"set *(long*)0x{Watched:x} = -1");
        return gdb;
    }
}
