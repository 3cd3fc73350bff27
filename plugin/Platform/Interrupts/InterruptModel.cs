namespace RenodeUvmem.Platform.Interrupts;

/// <summary>Which interrupt controller a machine has.</summary>
public enum InterruptModel
{
    /// <summary>POWER9's own, which kernels work with themselves; KVM gives its guests a share of it.</summary>
    Xive,

    /// <summary>XICS behind OPAL calls, for kernels without a driver for XIVE. Guests get theirs from QEMU.</summary>
    Xics,
}
