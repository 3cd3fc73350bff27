using System.Reflection;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>An instruction of a trace as it was decoded when it was recorded.</summary>
/// <param name="Insn">Copy of the slot.</param>
/// <param name="Slot">Address of the slot.</param>
/// <param name="Page">Address of its page's first slot.</param>
/// <param name="Handler">The handler, type arguments bound.</param>
internal readonly record struct RecordedSlot(Insn Insn, long Slot, long Page, MethodInfo Handler)
{
    /// <summary>Its page.</summary>
    public unsafe CodePage* CodePage => CodeCache.PageOf((Insn*)Page);

    /// <summary>Number of the slot in its page.</summary>
    public unsafe int Index => (int)((Slot - Page) / sizeof(Insn));

    /// <summary>Whether the slot is still as it was recorded.</summary>
    public unsafe bool IsCurrent
    {
        get
        {
            Insn then = Insn;
            return new ReadOnlySpan<byte>(&then, sizeof(Insn)).SequenceEqual(new ReadOnlySpan<byte>((void*)Slot, sizeof(Insn)));
        }
    }
}
