using System.Globalization;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Breaks;

/// <summary>A hit as text for a person.</summary>
public static class BreakText
{
    /// <summary>One line: <c>[   123456789] cpu0 break: secure guest 1 at set_memory_decrypted+0x54: UV_SHARE_PAGE(gfn=0x12, count=1)</c>.</summary>
    public static string Format(in BreakHit hit, ISymbols? symbols = null)
    {
        string cpu = hit.Cpu < 0 ? "device" : string.Create(CultureInfo.InvariantCulture, $"cpu{hit.Cpu}");
        string place = hit.Site.World == World.Device ? "" : $" at {hit.Site.Function(symbols) ?? $"0x{hit.Nia:x}"}";
        string lpid = hit.Site.Lpid == hit.Lpid ? "" : $" for partition {hit.Lpid}";
        string arguments = string.Join(", ", hit.Arguments);
        return string.Create(CultureInfo.InvariantCulture, $"[{hit.Instruction,12}] {cpu} break: {hit.Site.WorldText}{place}: {hit.Name}({arguments}){lpid}");
    }
}
