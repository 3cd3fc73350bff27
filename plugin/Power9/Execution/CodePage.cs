namespace RenodeUvmem.Power9.Execution;

/// <summary>Decoded slots of one real 4 KiB page in one decode mode; pages of other modes hang on <see cref="Next"/>.</summary>
public unsafe struct CodePage
{
    /// <summary>Decoded page of another mode, or null.</summary>
    public CodePage* Next;

    /// <summary>Host address of the page's bytes.</summary>
    public byte* Bytes;

    /// <summary>Real address of the page.</summary>
    public ulong RealPage;

    /// <summary>The record of the real page.</summary>
    public Memory.PageInfo* Info;

    /// <summary>Index from <see cref="Isa.DecodeMode"/>.</summary>
    public int Mode;

    /// <summary>In the first of a list: bytes stored to the page while it was there, see <see cref="CodeCache.NoteStore"/>.</summary>
    public int Stored;

    /// <summary>The count of changes of code that the translator knows, or null if it does not know this page.</summary>
    public long* Epoch;

    /// <summary>Traces that have slots here.</summary>
    public Tiers.TraceLink* Traces;

    /// <summary>Changes of slots since the translator knows the page.</summary>
    public int Generation;

    /// <summary>1024 slots and one that continues on the next page.</summary>
    public Isa.Insn* Slots;
}
