using System.Runtime.InteropServices;
using NUnit.Framework;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Snapshots;

/// <summary>A second bench that takes over from a first one by a snapshot, as a host that keeps the contents of memory loads it.</summary>
internal static unsafe class Twin
{
    /// <summary>A bench in the state of another, with memory, CPU and ultravisor of its own.</summary>
    public static Bench Of(Bench bench)
    {
        var twin = new Bench(bench.Uv.Options);
        foreach ((RamRange from, RamRange to) in bench.Memory.Ranges.Zip(twin.Memory.Ranges))
            NativeMemory.Copy(from.Host, to.Host, (nuint)from.Size);
        var reader = new SnapshotReader(Snapshot(bench));
        twin.Cpu.Load(reader);
        twin.Uv.Load(reader);
        Assert.That(reader.HasMore, Is.False);

        // The stand-in for the hypervisor has its state outside of the machine.
        bench.SeenGpr.CopyTo(twin.SeenGpr, 0);
        twin.Device.UnionWith(bench.Device);
        twin.Holes.UnionWith(bench.Holes);
        (twin.GuestAddress, twin.GuestMsr) = (bench.GuestAddress, bench.GuestMsr);
        return twin;
    }

    /// <summary>The state of CPU and ultravisor.</summary>
    public static byte[] Snapshot(Bench bench)
    {
        var writer = new SnapshotWriter("bench");
        bench.Cpu.Save(writer);
        bench.Uv.Save(writer);
        return writer.ToArray();
    }
}
