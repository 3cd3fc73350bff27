namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Rings of a thread, in the order in which the management area has them, 16 bytes each (Linux arch/powerpc/include/asm/xive-regs.h, TM_QW0_USER to TM_QW3_HV_PHYS).</summary>
public enum Ring
{
    User,
    Os,
    Pool,
    Physical,
}

/// <summary>Offsets within a ring, and bits of its registers (same file).</summary>
public static class RingRegister
{
    /// <summary>Bytes of a ring.</summary>
    public const int Size = 16;

    /// <summary>Notification source register.</summary>
    public const int Nsr = 0;

    /// <summary>Current processor priority: only more favoured ones (lower numbers) interrupt.</summary>
    public const int Cppr = 1;

    /// <summary>Interrupt pending buffer: bit 0x80 for priority 0.</summary>
    public const int Ipb = 2;

    /// <summary>Logical server's most favoured backlog, groups only.</summary>
    public const int Lsmfb = 3;

    /// <summary>Acknowledge counter, groups only.</summary>
    public const int AckCount = 4;

    /// <summary>Age, groups only.</summary>
    public const int Age = 6;

    /// <summary>Pending interrupt priority: of the most favoured bit in the buffer.</summary>
    public const int Pipr = 7;

    /// <summary>Word 2: valid bit and the number of the virtual processor.</summary>
    public const int Word2 = 8;

    /// <summary>First byte of word 2: the ring is valid (VO, VP, VT).</summary>
    public const byte Valid = 0x80;

    /// <summary>Bits of word 2 that are the number (CAM).</summary>
    public const uint CamMask = 0x00FF_FFFF;

    /// <summary>NSR of the OS ring: an exception (EO).</summary>
    public const byte OsException = 0x80;

    /// <summary>NSR of the physical ring: the exception is of the pool ring (HE=1).</summary>
    public const byte PoolException = 0x40;

    /// <summary>NSR of the physical ring: of the physical ring (HE=2).</summary>
    public const byte PhysicalException = 0x80;

    /// <summary>Priority of none.</summary>
    public const byte NoPriority = 0xFF;
}
