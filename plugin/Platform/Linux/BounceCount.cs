namespace RenodeUvmem.Platform.Linux;

/// <summary>What guests of an LPID have copied through bounce buffers.</summary>
/// <param name="ToDevices">Bytes into the buffers.</param>
/// <param name="FromDevices">Bytes out of them.</param>
/// <param name="Copies">Number of copies.</param>
public readonly record struct BounceCount(ulong ToDevices, ulong FromDevices, long Copies);
