namespace RenodeUvmem.Power9.Mmu;

/// <summary>What an access asks of a table entry.</summary>
internal static class AccessKindExtensions
{
    /// <summary>What the entry must allow.</summary>
    public static Protection Needs(this AccessKind kind) => kind switch
    {
        AccessKind.Load => Protection.Read,
        AccessKind.Store => Protection.Write,
        _ => Protection.Execute,
    };
}
