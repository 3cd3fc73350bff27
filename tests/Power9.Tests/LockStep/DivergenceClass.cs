namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>Why the two machines differ at a place.</summary>
internal enum DivergenceClass
{
    /// <summary>TB, DEC, HDEC, PURR, SPURR or VTB was read.</summary>
    Time,

    /// <summary>DEC of QEMU's time went off.</summary>
    DEC,

    /// <summary>HDEC did.</summary>
    HDEC,

    /// <summary>An interrupt of a device or of the interrupt controller came.</summary>
    External,

    /// <summary>A device answered a load.</summary>
    DeviceRead,

    /// <summary>A device wrote to memory.</summary>
    DeviceWrite,

    /// <summary>darn.</summary>
    Random,

    /// <summary>The ISA leaves it open, see <see cref="Deviations"/>.</summary>
    Open,

    /// <summary>QEMU is not what the ISA says, see <see cref="Deviations"/>.</summary>
    PeerWrong,

    /// <summary>Nobody knows.</summary>
    Unexplained,
}
