using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Debug;

/// <summary>One access to a watched page. An access that crosses pages is told in two parts, each with its own addresses, if both pages are watched.</summary>
/// <param name="Ea">Effective address of the first byte.</param>
/// <param name="Real">Its real address.</param>
/// <param name="Size">Bytes: 1, 2, 4, 8 or 16, 128 for dcbz, or a part of these.</param>
/// <param name="Kind">Load or store.</param>
/// <param name="Value">The bytes in memory order as a little-endian number; of more than 8 the first 8.</param>
/// <param name="Cia">Effective address of the instruction.</param>
public readonly record struct WatchedAccess(ulong Ea, ulong Real, int Size, AccessKind Kind, ulong Value, ulong Cia);

/// <summary>Is told of the accesses of a CPU's instructions to watched pages.</summary>
public interface IAccessWatcher
{
    /// <summary>
    /// Called after the access, before a load's register is written. <see cref="Cpu.RequestReturn"/> makes the thread stop behind the instruction.
    /// Table walks and what the emulated ultravisor and firmware do themselves are not told.
    /// </summary>
    void Accessed(Cpu cpu, in WatchedAccess access);
}
