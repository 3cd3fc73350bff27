using System.Buffers.Binary;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Linux;

/// <summary>The memory of a little-endian Linux hypervisor at its own addresses, read without any effect on the machine.</summary>
/// <param name="cpu">A CPU of the machine, whatever it executes.</param>
/// <param name="variables">Symbols of the hypervisor's variables.</param>
public sealed class HypervisorMemory(Cpu cpu, SymbolTable variables)
{
    /// <summary>Address of a variable.</summary>
    /// <exception cref="InvalidOperationException">It has no symbol.</exception>
    public ulong AddressOf(string variable) => variables.Find(variable) ?? throw new InvalidOperationException($"the hypervisor's kernel has no variable {variable}");

    /// <summary>Reads bytes.</summary>
    /// <exception cref="InvalidOperationException">They are not mapped.</exception>
    public void Read(ulong address, Span<byte> bytes)
    {
        if (!cpu.ReadDebug(address, bytes, DebugContext.Hypervisor))
            throw new InvalidOperationException($"0x{address:x} is not mapped in the hypervisor");
    }

    /// <summary>Reads a doubleword.</summary>
    public ulong Read64(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(address, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a word.</summary>
    public int Read32(ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(address, bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>Reads a byte.</summary>
    public byte Read8(ulong address)
    {
        Span<byte> bytes = stackalloc byte[1];
        Read(address, bytes);
        return bytes[0];
    }

    /// <summary>Reads an array of doublewords.</summary>
    public ulong[] ReadArray(ulong address, ulong count)
    {
        byte[] bytes = new byte[count * 8];
        Read(address, bytes);
        var values = new ulong[count];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }

    /// <summary>The structures in a list of Linux (struct list_head), by the field that links them.</summary>
    /// <param name="head">Address of the list's head.</param>
    /// <param name="field">Offset of the field in the structures.</param>
    public IReadOnlyList<ulong> List(ulong head, ulong field)
    {
        const int Most = 1 << 16;
        var found = new List<ulong>();
        for (ulong at = Read64(head); at != head && found.Count < Most; at = Read64(at))
            found.Add(at - field);
        return found;
    }
}
