using System.Buffers.Binary;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Who called whom in the hypervisor: the chain of stack frames. Memory that is not normal RAM ends it.</summary>
public static unsafe class CallChain
{
    private const int MaximumFrames = 64;

    // ELFv2 stack frame: back chain at 0, LR save at 16 (Power Architecture 64-bit ELF V2 ABI 2.2.2).
    private const ulong LrSave = 16;

    /// <summary>Return addresses that stand in the frames above the innermost one, innermost first; what LR holds is not among them.</summary>
    public static List<ulong> Of(Cpu cpu)
    {
        var found = new List<ulong>();
        ulong frame = cpu.State->Gpr[1];
        while (found.Count < MaximumFrames && TryRead(cpu, frame, out ulong caller))
        {
            // Stacks grow down, so the chain goes up; anything else is damage.
            if (caller <= frame || !TryRead(cpu, caller + LrSave, out ulong address))
                break;
            found.Add(address);
            frame = caller;
        }

        return found;
    }

    private static bool TryRead(Cpu cpu, ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        value = 0;
        if (!cpu.TryTranslate(address, AccessKind.Load, DebugContext.Hypervisor, out ulong real, anyAuthority: true) || !new OpalMemory(cpu.Memory).TryRead(real, bytes))
            return false;
        value = (cpu.State->Msr & Msr.LE) != 0 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return true;
    }
}
