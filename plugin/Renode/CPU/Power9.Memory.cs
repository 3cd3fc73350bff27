using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using Range = Antmicro.Renode.Core.Range;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>RAM by pointer, and addresses as the current context means them.</summary>
public sealed partial class Power9
{
    private readonly List<IMappedSegment> segments = [];

    /// <inheritdoc/>
    public uint PageSize => 0x1000;

    /// <summary>RAM that was registered on the bus.</summary>
    internal IReadOnlyList<IMappedSegment> Segments => segments;

    /// <summary>Takes a piece of RAM.</summary>
    public void MapMemory(IMappedSegment segment)
    {
        segments.Add(segment);
        shared?.AddRam(segment);
    }

    /// <summary>Not possible once the machine was used.</summary>
    /// <exception cref="RecoverableException">The memory is in use.</exception>
    public void UnmapMemory(Range range)
    {
        if (shared is not null)
            throw new RecoverableException("RAM of a POWER9 machine can't be taken away while it runs; remove it before the machine is started");
        segments.RemoveAll(segment => range.Contains(segment.StartingOffset));
    }

    /// <summary>Nothing to do: permissions are the controller's.</summary>
    public void RegisterAccessFlags(ulong startAddress, ulong size, bool isIoMemory = false)
    {
    }

    /// <summary>Disabled memory is what watchpoints ask for; they have a seam of their own.</summary>
    public void SetMappedMemoryEnabled(Range range, bool enabled)
    {
    }

    /// <summary>Nothing to do: stores of one CPU invalidate the decoded code of all.</summary>
    public void SetBroadcastDirty(bool enable)
    {
    }

    /// <summary>Called by Renode after bytes of RAM, by address on the bus, were written past the CPU: code decoded from them is dropped.</summary>
    public void OrderTranslationBlocksInvalidation(IntPtr start, IntPtr end, bool delayInvalidation = false) =>
        shared?.InvalidateCode((ulong)start, (ulong)(end - start));

    /// <summary>Real address of an effective one in the context of <see cref="DebugContext"/>, or all ones.</summary>
    public ulong TranslateAddress(ulong logicalAddress, MpuAccess accessType) =>
        TryTranslateAddress(logicalAddress, accessType, out ulong physical) ? physical : ulong.MaxValue;

    /// <summary>Translates without any effect on the machine. What is mapped is found, whatever the code that runs may do with it: debuggers read and write by this.</summary>
    public bool TryTranslateAddress(ulong logicalAddress, MpuAccess accessType, out ulong physicalAddress)
    {
        AccessKind kind = accessType switch
        {
            MpuAccess.Write => AccessKind.Store,
            MpuAccess.InstructionFetch => AccessKind.Fetch,
            _ => AccessKind.Load,
        };
        (bool found, physicalAddress) = Read(core => (core.TryTranslate(logicalAddress, kind, context, out ulong real, anyAuthority: true), real));
        return found;
    }

    /// <summary>
    /// Whether a debugger on this CPU may look into secure memory: it sees what the code that runs sees, and what the guest sees that <see cref="DebugContext"/> names.
    /// </summary>
    internal unsafe bool SeesSecureMemory => Read(core => (core.State->Msr & Msr.S) != 0) || context.World == DebugWorld.Guest;
}
