namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>Numbers of the flattened device tree format, version 17 (Devicetree Specification 0.4, chapter 5). Everything is big-endian.</summary>
internal static class FdtFormat
{
    public const uint Magic = 0xD00DFEED;
    public const uint Version = 17;
    public const uint LastCompatibleVersion = 16;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 40;

    // Offsets of header fields.
    public const int TotalSize = 4;
    public const int StructureOffset = 8;
    public const int StringsOffset = 12;
    public const int ReservationsOffset = 16;
    public const int VersionOffset = 20;
    public const int LastCompatibleOffset = 24;
    public const int BootCpuOffset = 28;
    public const int StringsSize = 32;
    public const int StructureSize = 36;

    // Tokens of the structure block.
    public const uint BeginNode = 1;
    public const uint EndNode = 2;
    public const uint Property = 3;
    public const uint Nop = 4;
    public const uint End = 9;
}
