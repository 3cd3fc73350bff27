namespace RenodeUvmem.Platform.DeviceTree;

/// <summary>The ibm,pa-features attribute: a bit map of what the processor can do (PAPR 2.9 C.6.1; Linux arch/powerpc/kernel/prom.c, ibm_pa_features).</summary>
internal static class ProcessorFeatures
{
    private const int Bytes = 64;
    private const byte AttributeSpecifier = 0;

    // (byte, bit) of features that POWER9 has. Transactional memory (22, 0) is not among them: this machine has none.
    private static readonly (int Byte, int Bit)[] Present =
    [
        (0, 0), // MMU
        (0, 1), // floating point
        (0, 2), // SLB
        (0, 3), // run latch
        (0, 5), // data address breakpoint
        (0, 6), // no-execute
        (1, 2), // cache-inhibited large pages
        (5, 0), // little-endian
        (16, 0), // vector
        (18, 0), // VSX
        (32, 0), // vector.XOR
        (34, 0), // string operations
        (38, 0), // copy and paste trapping
        (40, 0), // radix
        (42, 0), // PM scratch registers
        (44, 0), // performance monitor of ISA 3.0
        (54, 0), // DAWR
    ];

    public static byte[] Attribute()
    {
        var bytes = new byte[2 + Bytes];
        bytes[0] = Bytes;
        bytes[1] = AttributeSpecifier;
        foreach ((int at, int bit) in Present)
            bytes[2 + at] |= (byte)(0x80 >> bit);
        return bytes;
    }
}
