using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;

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

        // The machine has one node, with a reg, and the range in the firmware's node: what is not there is made so.
        new("I3", Machines.Failing("no-reg", NodeWithoutReg), "I9", HasPool),
        new("I4", Machines.Failing("no-nodes", NoNodes), "I9", HasPool),
        new("I5", Machines.Failing("no-ranges", "of_get_property return=0 count=2 from=kvmppc_uvmem_init"), "I1", HasNoPool),
        new("I5-no-firmware", Machines.Failing("no-firmware", "of_find_compatible_node return=0 count=2 from=kvmppc_uvmem_init"), "I1", HasNoPool),
    ];

    private const string NodeWithoutReg = "of_get_property return=0 from=kvmppc_uvmem_init";
    private const string NoNodes = "of_find_compatible_node return=0 from=kvmppc_uvmem_init";

    // From secure-memory-ranges of the firmware's node.
    private static void HasPool(Segment row)
    {
        row.Boot.HasLine("KVMPPC-UVMEM: Secure Memory size 0x40000000");
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
