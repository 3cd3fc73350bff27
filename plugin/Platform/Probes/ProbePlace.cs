using System.Globalization;

namespace RenodeUvmem.Platform.Probes;

/// <summary>A place in the hypervisor's kernel.</summary>
/// <param name="Symbol">A function.</param>
/// <param name="Offset">Bytes behind its symbol; 0 is where callers enter it.</param>
/// <param name="AtReturn">Where the function has returned to; what is asked of registers is asked when it is entered.</param>
public sealed record ProbePlace(string Symbol, ulong Offset, bool AtReturn)
{
    /// <inheritdoc/>
    public override string ToString() =>
        AtReturn ? $"the return of {Symbol}" : Offset == 0 ? Symbol : string.Create(CultureInfo.InvariantCulture, $"{Symbol}+0x{Offset:x}");
}
