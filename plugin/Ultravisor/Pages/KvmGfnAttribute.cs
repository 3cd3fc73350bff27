namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>What Linux notes about a frame in this state between calls (KVMPPC_GFN_* in arch/powerpc/kvm/book3s_hv_uvmem.c).</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class KvmGfnAttribute(string flag) : Attribute
{
    /// <summary>Name of the flag.</summary>
    public string Flag { get; } = flag;
}
