using System.Buffers.Binary;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>The partition table, in secure memory: 4096 entries of two doublewords (ISA 3.0B Book III 5.7.6.1).</summary>
public sealed unsafe class PartitionTable
{
    /// <summary>Entries.</summary>
    public const ulong Count = Size / 16;

    private const ulong Size = 0x10000;

    private readonly SecureHeap heap;

    /// <summary>Allocates the table.</summary>
    /// <exception cref="InvalidOperationException">There is no secure memory.</exception>
    public PartitionTable(SecureHeap heap)
    {
        this.heap = heap;
        Base = heap.Allocate(Size);
        if (Base == 0)
            throw new InvalidOperationException("the partition table needs 64 KiB of secure memory, and there is none");
    }

    /// <summary>Real address.</summary>
    public ulong Base { get; }

    /// <summary>PTCR: base and PATS, the size as a power of two less 12.</summary>
    public ulong Ptcr => Base | 4;

    /// <summary>An entry's doublewords.</summary>
    public (ulong Dw0, ulong Dw1) this[ulong lpid]
    {
        get
        {
            ulong* entry = Entry(lpid);
            return (BinaryPrimitives.ReverseEndianness(entry[0]), BinaryPrimitives.ReverseEndianness(entry[1]));
        }

        set
        {
            ulong* entry = Entry(lpid);
            entry[0] = BinaryPrimitives.ReverseEndianness(value.Dw0);
            entry[1] = BinaryPrimitives.ReverseEndianness(value.Dw1);
        }
    }

    private ulong* Entry(ulong lpid) => (ulong*)heap.Pointer(Base + (lpid * 16), 16);
}
