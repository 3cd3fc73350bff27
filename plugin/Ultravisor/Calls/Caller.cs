namespace RenodeUvmem.Ultravisor.Calls;

/// <summary>Who may make an ultracall.</summary>
internal enum Caller
{
    /// <summary>S=0, HV=1, PR=0.</summary>
    Hypervisor,

    /// <summary>HV=0, PR=0, secure or not.</summary>
    Guest,

    /// <summary>S=1, HV=0, PR=0.</summary>
    SecureGuest,
}
