using System.Globalization;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Debug;

/// <summary>
/// Which world an effective address means: every one, the hypervisor, or the guest of an LPID. In text: <c>any</c>, <c>hypervisor</c>, <c>guest N</c>.
/// </summary>
public readonly record struct DebugContext
{
    /// <summary>LPIDR has 12 bits; 0 is the hypervisor's partition.</summary>
    public const int MaximumLpid = 0xFFF;

    private const string AnyText = "any";
    private const string HypervisorText = "hypervisor";
    private const string GuestText = "guest";

    private DebugContext(DebugWorld world, ulong lpid)
    {
        World = world;
        Lpid = lpid;
    }

    /// <summary>Every world; also the default.</summary>
    public static DebugContext Any => default;

    /// <summary>Hypervisor state (MSR[HV]=1, with or without S), and whatever runs in partition 0.</summary>
    public static DebugContext Hypervisor => new(DebugWorld.Hypervisor, 0);

    /// <summary>The kind of world.</summary>
    public DebugWorld World { get; }

    /// <summary>LPID of a guest; otherwise 0.</summary>
    public ulong Lpid { get; }

    /// <summary>The guest, normal or secure, of an LPID from 1 to <see cref="MaximumLpid"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No guest can have this LPID.</exception>
    public static DebugContext Guest(ulong lpid) =>
        lpid is > 0 and <= MaximumLpid
            ? new(DebugWorld.Guest, lpid)
            : throw new ArgumentOutOfRangeException(nameof(lpid), lpid, $"an LPID of a guest is 1 to {MaximumLpid}");

    /// <summary>The world that a thread is in now: never <see cref="Any"/>.</summary>
    public static unsafe DebugContext Of(CpuState* state)
    {
        ulong lpid = state->Spr[SprNumber.LPIDR];
        return (state->Msr & Msr.HV) != 0 || lpid == 0 ? Hypervisor : new(DebugWorld.Guest, lpid);
    }

    /// <summary>Reads what <see cref="ToString"/> writes; case and outer blanks do not matter.</summary>
    /// <exception cref="FormatException">The text is none of the three forms; the message lists them.</exception>
    public static DebugContext Parse(string text) =>
        TryParse(text, out DebugContext context)
            ? context
            : throw new FormatException($"'{text}' is no context; expected '{AnyText}', '{HypervisorText}' or '{GuestText} N' with an LPID N from 1 to {MaximumLpid}");

    /// <summary>Reads what <see cref="ToString"/> writes; false if the text is something else.</summary>
    public static bool TryParse(string? text, out DebugContext context)
    {
        context = Any;
        string[] words = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [var one] when Is(one, AnyText):
                return true;
            case [var one] when Is(one, HypervisorText):
                context = Hypervisor;
                return true;
            case [var one, var number] when Is(one, GuestText) && TryParseLpid(number, out ulong lpid):
                context = Guest(lpid);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a thread is in this world now.</summary>
    public unsafe bool Matches(CpuState* state) => World == DebugWorld.Any || Of(state) == this;

    /// <inheritdoc/>
    public override string ToString() => World switch
    {
        DebugWorld.Any => AnyText,
        DebugWorld.Hypervisor => HypervisorText,
        _ => string.Create(CultureInfo.InvariantCulture, $"{GuestText} {Lpid}"),
    };

    private static bool Is(string word, string name) => string.Equals(word, name, StringComparison.OrdinalIgnoreCase);

    private static bool TryParseLpid(string number, out ulong lpid)
    {
        bool hexadecimal = number.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(hexadecimal ? number[2..] : number, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out lpid)
            && lpid is > 0 and <= MaximumLpid;
    }
}

/// <summary>Kinds of <see cref="DebugContext"/>.</summary>
public enum DebugWorld
{
    Any,
    Hypervisor,
    Guest,
}
