using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>What translated code may do with which part of <see cref="CpuState"/>.</summary>
internal static unsafe class StatePlaces
{
    private static readonly int Gpr = Offset(s => (byte*)s->Gpr);
    private static readonly int ZeroGpr = Offset(s => (byte*)(s->Gpr + CpuState.ZeroGpr));
    private static readonly int CodePage = Offset(s => (byte*)&s->CodePage);
    private static readonly int CodePageEa = Offset(s => (byte*)&s->CodePageEa);
    private static readonly int DataTlbs = Offset(s => (byte*)&s->DataTlb0);
    private static readonly int CodeTlbs = Offset(s => (byte*)&s->CodeTlb0);
    private static readonly int Cr = Offset(s => (byte*)s->Cr);
#pragma warning disable CS0420 // only the address is of interest
    private static readonly int StopRequested = Offset(s => (byte*)&s->StopRequested);
#pragma warning restore CS0420
    private static readonly int CpuHandle = Offset(s => (byte*)&s->CpuHandle);
    private static readonly int Facilities = Offset(s => (byte*)&s->Facilities);
    private static readonly int Vsr = Offset(s => (byte*)s->Vsr);
    private static readonly int Spr = Offset(s => (byte*)s->Spr);

    /// <summary>Where the count of instructions left is.</summary>
    public static int Remaining { get; } = Offset(s => (byte*)&s->Remaining);

    /// <summary>Where it says what the host does, for profiles.</summary>
    public static int Work { get; } = Offset(s => (byte*)&s->Work);

    /// <summary>Where it says whether traces may run.</summary>
    public static int Translates { get; } = Offset(s => &s->Translates);

    /// <summary>Where the slot is that traces have often been left to.</summary>
    public static int HotSlot { get; } = Offset(s => (byte*)&s->HotSlot);

    /// <summary>Where the first counter of exits is.</summary>
    public static int Exits { get; } = Offset(s => s->Exits);

    /// <summary>Where the count of instructions at the end of the run is.</summary>
    public static int RunEnd { get; } = Offset(s => (byte*)&s->RunEnd);

    private delegate byte* Place(CpuState* s);

    /// <summary>A read of the state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Node Read(int offset, MemoryType access, long codePage)
    {
        if (offset == Remaining || offset == RunEnd || offset == StopRequested || offset == CpuHandle || offset == HotSlot)
            throw new UntranslatableException("reads what a run keeps");
        if (offset == ZeroGpr)
            return new Constant(0, Kind.Long);
        return offset == CodePage ? new Constant(codePage, Kind.Long) : new StateRead(offset, access);
    }

    /// <summary>Whether the first slot of the page is there.</summary>
    public static bool IsCodePage(int offset) => offset == CodePage;

    /// <summary>A write of the state.</summary>
    public static void CheckWrite(int offset)
    {
        if (offset == Remaining || offset == RunEnd || offset == StopRequested || offset == CpuHandle || offset == HotSlot || (offset >= DataTlbs && offset < CodeTlbs + 16))
            throw new UntranslatableException("writes what a run keeps");
    }

    /// <summary>Whether an address is one in the state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsIn(Node address) => address switch
    {
        StateAddress => true,
        Binary binary => IsIn(binary.Left) || IsIn(binary.Right),
        Unary unary => IsIn(unary.Value),
        Read { Variable.InState: true } => true,
        _ => false,
    };

    /// <summary>Whether an address is that of a place in the state which is known as soon as the slot is.</summary>
    public static bool IsRegister(Node address) => address is Binary { Left: StateAddress, Right: { OfSlot: true } } sum && sum.Op == Operation.Add;

    /// <summary>Two places of which one is the same part of the state as the other: registers of one kind.</summary>
    public static bool MayBeSame(int place, int other) => Part(place) == Part(other);

    /// <summary>The pointers of the TLBs are the one thing that is found by a number known late.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CheckDynamic(Node address)
    {
        if (address is Binary { Left: StateAddress tlb, Right: var index } && !IsIn(index) && (tlb.Offset == DataTlbs || tlb.Offset == CodeTlbs))
            return;
        if (IsIn(address))
            throw new UntranslatableException("reads the state somewhere");
    }

    /// <summary>Whether a place is kept in a variable for the length of a trace: registers that fixed-point code and branches use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsKept(int offset, MemoryType access)
    {
        if (access.Kind == Kind.Struct)
            return false;
        if (offset >= Gpr && offset < ZeroGpr || offset >= Spr && offset < Spr + (1024 * 8))
            return access.Size == 8 && (offset & 7) == 0;
        return (offset >= Cr && offset < StopRequested && access.Size == 1) || offset == CodePageEa || offset == Facilities;
    }

    private static int Part(int offset) =>
        offset >= Gpr && offset <= ZeroGpr ? 0 : offset >= Cr && offset < Cr + 8 ? 1 : offset >= Vsr && offset < Vsr + (128 * 8) ? 2 : offset >= Spr && offset < Spr + (1024 * 8) ? 3 : 4;

    private static int Offset(Place place)
    {
        byte* memory = stackalloc byte[1];
        return (int)(place((CpuState*)memory) - memory);
    }
}
