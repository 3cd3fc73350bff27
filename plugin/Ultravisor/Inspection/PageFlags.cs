namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>What else is known of a frame.</summary>
[Flags]
public enum PageFlags
{
    None = 0,

    /// <summary>The guest's page table has it: an access needs nobody's help.</summary>
    Mapped = 1,

    /// <summary>UV_ESM has asked the hypervisor for its content.</summary>
    Requested = 2,

    /// <summary>The next page that the hypervisor gives is zeroed.</summary>
    ZeroOnArrival = 4,

    /// <summary>The seal of its ciphertext is kept.</summary>
    Sealed = 8,
}
