using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Debug;

/// <summary>
/// Notes which instructions of a kernel ran in privileged state, and where control went from each: the hypervisor's kernel and each guest's apart, though all
/// have their code at the same effective addresses. Given to CPUs as <see cref="Cpu.Coverage"/>; one may serve all CPUs of a machine.
/// </summary>
/// <remarks>
/// In real mode the first four bits of an address do not count (ISA 3.0B Book III 5.7.3). Where they are zero, something else may be there (firmware, or the kernel before it has
/// moved to its place), so a page counts only if memory there is, but for what a kernel patches, the page of the kernel.
/// </remarks>
public sealed unsafe class CoverageRecorder : IDisposable
{
    private const int PageSize = 4096;
    private const ulong Quadrant = 0xFUL << 60;
    private const int Hypervisor = 0;

    private readonly byte[] code;
    private readonly int pageCount;

    // By LPID; the hypervisor at 0. A byte for each instruction and one for the slot behind the last.
    private readonly nint[] worlds = new nint[DebugContext.MaximumLpid + 1];

    // By LPID and page: the real page that was found to hold the kernel's page, plus 1.
    private readonly ulong[]?[] seen = new ulong[DebugContext.MaximumLpid + 1][];

    // Where notes go that nobody wants.
    private readonly byte* scratch = (byte*)NativeMemory.AllocZeroed(Insn.SlotsPerPage + 1);

    /// <summary>Starts with nothing noted.</summary>
    /// <param name="start">Effective address of the code, on a page of 4 KiB.</param>
    /// <param name="code">The code as in the kernel's file, whole pages.</param>
    public CoverageRecorder(ulong start, byte[] code)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(start % PageSize, 0UL);
        ArgumentOutOfRangeException.ThrowIfNotEqual(code.Length % PageSize, 0);
        Start = start;
        this.code = code;
        pageCount = code.Length / PageSize;
    }

    /// <summary>Effective address of the first instruction.</summary>
    public ulong Start { get; }

    /// <summary>Number of instructions.</summary>
    public int Count => code.Length / 4;

    /// <summary>Worlds in which something ran, the hypervisor first, then guests by LPID.</summary>
    public IEnumerable<DebugContext> Worlds
    {
        get
        {
            for (int lpid = 0; lpid < worlds.Length; lpid++)
            {
                if (worlds[lpid] != 0)
                    yield return lpid == Hypervisor ? DebugContext.Hypervisor : DebugContext.Guest((ulong)lpid);
            }
        }
    }

    /// <summary>What ran in a world: one <see cref="CoverageBits"/> for each instruction.</summary>
    public ReadOnlySpan<byte> Of(DebugContext world)
    {
        byte* notes = (byte*)worlds[world.Lpid];
        return notes == null ? new byte[Count] : new ReadOnlySpan<byte>(notes, Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint notes in worlds)
            NativeMemory.Free((void*)notes);
        Array.Clear(worlds);
        NativeMemory.Free(scratch);
    }

    /// <summary>Where to note what runs in a thread's code page, one byte for each slot.</summary>
    internal byte* NotesOf(CpuState* s)
    {
        ulong address = s->CodePageEa;
        bool translated = (s->Msr & Msr.IR) != 0;
        ulong offset = (translated ? address : (address & ~Quadrant) | (Start & Quadrant)) - Start;
        if (offset >= (ulong)code.Length)
            return scratch;
        int lpid = (int)DebugContext.Of(s).Lpid;
        int page = (int)(offset / PageSize);
        if (worlds[lpid] == 0)
        {
            worlds[lpid] = (nint)NativeMemory.AllocZeroed((nuint)(Count + 1));
            seen[lpid] = new ulong[pageCount];
        }

        bool unsure = !translated && (address & Quadrant) != (Start & Quadrant);
        if (unsure && !IsKernel(ref seen[lpid]![page], page, CodeCache.PageOf(s->CodePage)))
            return scratch;
        return (byte*)worlds[lpid] + (page * Insn.SlotsPerPage);
    }

    // Half of the words that are not zero must be the same: kernels patch some of their own instructions.
    private bool IsKernel(ref ulong known, int page, CodePage* there)
    {
        if (known == there->RealPage + 1)
            return true;
        ReadOnlySpan<uint> expected = MemoryMarshal.Cast<byte, uint>(code.AsSpan(page * PageSize, PageSize));
        var words = new ReadOnlySpan<uint>(there->Bytes, Insn.SlotsPerPage);
        int wanted = 0;
        int same = 0;
        for (int n = 0; n < Insn.SlotsPerPage; n++)
        {
            if (expected[n] == 0)
                continue;
            wanted++;
            if (words[n] == expected[n])
                same++;
        }

        if (same * 2 <= wanted)
            return false;
        known = there->RealPage + 1;
        return true;
    }
}
