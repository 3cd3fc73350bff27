using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>
/// Who called whom in a kernel: the chain of stack frames, and behind the frame of an interrupt what was interrupted. Whatever stands in memory, it ends.
/// </summary>
internal static unsafe class StackWalk
{
    /// <summary>Frames of a stack at most.</summary>
    public const int Most = 48;

    // ELFv2 stack frame: back chain at 0, LR save at 16 (Power Architecture 64-bit ELF V2 ABI 2.2.2).
    private const ulong LrSave = 16;

    // THREAD_SIZE (asm/thread_info.h). A task's, an interrupt's, a soft interrupt's, and one of an emergency.
    private const ulong StackSize = 1UL << 14;
    private const int MostStacks = 4;

    // Linux marks the frame of an interrupt, and has struct pt_regs 16 bytes behind the mark (asm/ptrace.h, STACK_FRAME_REGS_MARKER: 12 doublewords from the frame's
    // beginning up to Linux 6.2, 4 since then). Little-endian kernels have the word's bytes turned.
    private const ulong Mark = 0x52454753;
    private const ulong TurnedMark = 0x53474552;
    private const ulong RegistersFromMark = 16;
    private const ulong OldMark = 96;
    private const ulong NewMark = 32;

    // struct pt_regs (uapi/asm/ptrace.h): 32 GPRs, NIP, MSR, GPR 3, CTR, LR.
    private const ulong SavedNip = 32 * 8;
    private const ulong SavedMsr = 33 * 8;
    private const ulong SavedLr = 36 * 8;

    /// <summary>Frames of the kernel code that a CPU is in, innermost first.</summary>
    /// <param name="s">The CPU.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="frameOf">The frame of an address, or -1 if no function is known there.</param>
    /// <param name="innermost">The frame of NIA.</param>
    /// <param name="frames">Takes them; <see cref="Most"/> long.</param>
    public static int Walk(CpuState* s, GuestReader memory, Func<ulong, int> frameOf, int innermost, Span<int> frames)
    {
        int count = 0;
        frames[count++] = innermost;
        ulong link = s->Spr[SprNumber.LR];
        bool leaf = true;
        ulong frame = s->Gpr[1];
        int stacks = 1;
        while (count < Most - 1 && IsKernel(frame) && memory.TryRead(frame, out ulong caller) && IsKernel(caller))
        {
            // Stacks grow down, so the chain goes up; but interrupts have stacks of their own, anywhere.
            if (caller <= frame && ((caller ^ frame) < StackSize || ++stacks > MostStacks))
                break;
            if (TryFindRegisters(memory, frame, caller, out ulong registers))
            {
                if (!TryReadInterrupted(memory, registers, out ulong nip, out link))
                    break;
                frames[count++] = frameOf(nip);
                leaf = true;
            }
            else
            {
                if (!memory.TryRead(caller + LrSave, out ulong address))
                    break;

                // A function that calls nobody has its caller in LR alone. In others LR is what they last called returns to, or stands in the frame already.
                int linked = leaf && link != address ? frameOf(link - 4) : -1;
                if (linked >= 0 && linked != frames[count - 1])
                    frames[count++] = linked;
                leaf = false;

                // The call is the instruction before.
                frames[count++] = frameOf(address - 4);
            }

            frame = caller;
        }

        // What no symbol is known for says nothing inside a chain.
        int kept = 1;
        for (int n = 1; n < count; n++)
        {
            if (frames[n] >= 0)
                frames[kept++] = frames[n];
        }

        return kept;
    }

    private static bool IsKernel(ulong address) => address >> 60 == 0xC;

    // Such a frame lies right below what was interrupted. In a smaller frame the mark would be the next one's.
    private static bool TryFindRegisters(GuestReader memory, ulong frame, ulong caller, out ulong registers)
    {
        foreach (ulong offset in (ReadOnlySpan<ulong>)[OldMark, NewMark])
        {
            registers = frame + offset + RegistersFromMark;
            if (caller - frame >= offset + RegistersFromMark + SavedLr && memory.TryRead(frame + offset, out ulong mark) && mark is Mark or TurnedMark)
                return true;
        }

        registers = 0;
        return false;
    }

    // False if it was a process that was interrupted.
    private static bool TryReadInterrupted(GuestReader memory, ulong registers, out ulong nip, out ulong link)
    {
        link = nip = 0;
        return memory.TryRead(registers + SavedMsr, out ulong msr) && (msr & Msr.PR) == 0
            && memory.TryRead(registers + SavedNip, out nip) && memory.TryRead(registers + SavedLr, out link);
    }
}
