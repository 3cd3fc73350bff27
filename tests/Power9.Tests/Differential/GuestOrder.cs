namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Byte order of the guest program: which QEMU is the oracle.</summary>
public enum GuestOrder
{
    /// <summary>qemu-ppc64le.</summary>
    Little,

    /// <summary>qemu-ppc64.</summary>
    Big,
}
