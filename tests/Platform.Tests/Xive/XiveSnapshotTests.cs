using NUnit.Framework;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>A controller that was saved goes on as it would have.</summary>
internal sealed class XiveSnapshotTests
{
    [Test]
    public void LoadedControllerIsTheSame()
    {
        using var one = new XiveMachine();
        using var other = new XiveMachine();
        Prepare(one);
        byte[] saved = Bytes(one);
        var reader = new SnapshotReader(saved);
        other.Xive.Load(reader);
        Assert.That(Bytes(other), Is.EqualTo(saved));

        // The level of a line is the CPU's to keep.
        Assert.That(other.Load(0, XiveMachine.Tima(0x830), 2), Is.EqualTo(one.Load(0, XiveMachine.Tima(0x830), 2)));
        Assert.That(other.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0), Is.EqualTo(one.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0)));
        Assert.That(other.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 1), Is.EqualTo(one.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 1)));
        Assert.That(Bytes(other), Is.EqualTo(Bytes(one)));
    }

    private static void Prepare(XiveMachine machine)
    {
        machine.OpenThread(0, XiveMachine.Ring);
        machine.Start(XiveMachine.Device, 0, 7, 0x55);
        ulong vp = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_VP_BLOCK, 3);
        XiveMachine.Require(machine.Call(OpalToken.XIVE_SET_VP_INFO, vp + 2, 3, 0));
        XiveMachine.Require(machine.Call(OpalToken.XIVE_SET_QUEUE_INFO, vp + 2, 5, XiveMachine.Ring + 0x10000, 16, 7));
        ulong source = (ulong)machine.Call(OpalToken.XIVE_ALLOCATE_IRQ, 0);
        machine.Start((uint)source, vp + 2, 5, 0x66);
        machine.Store(0, XiveMachine.Trigger((uint)source), 8, 0);
        machine.Xive.Raise(XiveMachine.Device);
        machine.Load(0, XiveMachine.Tima(0x40), 4);
    }

    private static byte[] Bytes(XiveMachine machine)
    {
        var writer = new SnapshotWriter("");
        machine.Xive.Save(writer);
        return writer.ToArray();
    }
}
