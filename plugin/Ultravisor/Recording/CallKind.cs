namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>Who calls whom.</summary>
public enum CallKind
{
    /// <summary>A hypervisor or guest calls the ultravisor.</summary>
    UltraCall,

    /// <summary>The ultravisor calls the hypervisor.</summary>
    ReverseCall,

    /// <summary>A secure guest calls the hypervisor.</summary>
    GuestCall,
}
