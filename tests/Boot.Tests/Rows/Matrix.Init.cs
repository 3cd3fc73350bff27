using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Fdt;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Section 1: kvmppc_uvmem_init and whether secure guests are there.</summary>
internal static partial class Matrix
{
    private static IEnumerable<Row> Init =>
    [
        new("I1", Machines.NoPool, "I1", HasNoPool),
        new("T8", Machines.NoPool, "I1", row => row.Line("capability 181 offered=0, enabling it gives -22")),
        new("I6", Machines.Failing("no-region", "request_free_mem_region return=-34 from=kvmppc_uvmem_init"), "no-kvm", row => Fails(row, -34)),
        new("I7", Machines.Failing("no-pages", "memremap_pages return=-22 from=kvmppc_uvmem_init"), "no-kvm", row => Fails(row, -22)),
        new("I8", Machines.Failing("no-bitmap", "__kmalloc return=0 from=kvmppc_uvmem_init"), "no-kvm", row => Fails(row, -12)),
        new("I9", Machines.Usual, "I9", row =>
        {
            row.Boot.HasLine("KVMPPC-UVMEM: Secure Memory size 0x40000000");
            row.Line("capability 181 offered=1, enabling it gives 0");
            row.Line("svmhost: the ultravisor says: RenodeUvmem ultravisor");
        }),

        new("I2", Machines.Described("two-nodes", TwoNodes), "I9", row => HasPool(row, FirstNode + SecondNode)),
        new("I3", Machines.Described("node-without-reg", NodeWithoutReg), "I9", row => HasPool(row, FirstNode)),
        new("I4", Machines.Described("two-ranges", TwoRanges), "I9", row => HasPool(row, FirstNode + SecondNode)),
        new("I5", Machines.Described("no-ranges", NoRanges), "I1", HasNoPool),
        new("I5-no-firmware", Machines.Described("no-firmware", NoFirmware), "I1", HasNoPool),
    ];

    // Together less than what the machine has, which secure-memory-ranges says.
    private const ulong FirstNode = 512 * Machines.MiB;
    private const ulong SecondNode = 256 * Machines.MiB;
    private const string Ranges = "secure-memory-ranges";

    private static FdtNode Node(FdtNode root) => root.FindNode("secure-memory")!;

    private static FdtNode Firmware(FdtNode root) => root.FindNode("ibm,ultravisor/firmware")!;

    private static void TwoNodes(FdtNode root)
    {
        NodeWithoutReg(root);
        root.FindNode("secure-memory@2")!.SetTwoCells("reg", MemoryMap.SecureBase + FirstNode, SecondNode);
    }

    private static void NodeWithoutReg(FdtNode root)
    {
        Node(root).SetTwoCells("reg", MemoryMap.SecureBase, FirstNode);
        root.AddNode("secure-memory@2").SetText("device_type", "secure-memory").SetText("compatible", "ibm,secure-memory");
    }

    private static void TwoRanges(FdtNode root)
    {
        NoRanges(root);
        Firmware(root).SetTwoCells(Ranges, MemoryMap.SecureBase, FirstNode, MemoryMap.SecureBase + FirstNode, SecondNode);
    }

    private static void NoRanges(FdtNode root)
    {
        Node(root).SetText("compatible", "none");
        Firmware(root).Remove(Ranges);
    }

    private static void NoFirmware(FdtNode root)
    {
        Node(root).SetText("compatible", "none");
        Firmware(root).SetText("compatible", "none");
    }

    private static void HasPool(Segment row, ulong size)
    {
        row.Boot.HasLine($"KVMPPC-UVMEM: Secure Memory size 0x{size:x}");
        row.Line("capability 181 offered=1, enabling it gives 0");
    }

    private static void HasNoPool(Segment row)
    {
        row.Boot.HasLine("KVMPPC-UVMEM: No support for secure guests");
        row.Line("capability 181 offered=0, enabling it gives -22");
    }

    // Without uvmem there is no KVM HV at all (arch/powerpc/kvm/book3s_hv.c, kvmppc_book3s_init_hv).
    private static void Fails(Segment row, int code)
    {
        row.Boot.HasLine($"KVM-HV: kvmppc_uvmem_init failed {code}");
        row.Line("a VM is refused");
        Assert.That(row.Boot.All.AllCalls(), Is.Empty, "ultracalls");
    }
}
