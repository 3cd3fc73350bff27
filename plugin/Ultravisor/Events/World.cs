using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Whose code a CPU executes.</summary>
public enum World : byte
{
    /// <summary>The hypervisor and its processes: S=0, HV=1.</summary>
    Hypervisor,

    /// <summary>A normal guest: S=0, HV=0.</summary>
    Guest,

    /// <summary>A secure guest: S=1, HV=0.</summary>
    SecureGuest,

    /// <summary>No CPU: a device.</summary>
    Device,
}

/// <summary>Reads the world from an MSR.</summary>
public static class Worlds
{
    /// <summary>The world of an MSR outside of ultravisor state. A hypervisor's process has HV=1 as well.</summary>
    public static World Of(ulong msr) => (msr & Msr.HV) != 0 ? World.Hypervisor : (msr & Msr.S) != 0 ? World.SecureGuest : World.Guest;
}
