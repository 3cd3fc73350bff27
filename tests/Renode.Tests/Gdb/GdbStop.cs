using System.Globalization;
using System.Text.RegularExpressions;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Why and where the program stopped, from gdb's record of it (GDB/MI, "*stopped").</summary>
/// <param name="Record">The whole record.</param>
internal sealed partial record GdbStop(string Record)
{
    /// <summary>Such as "breakpoint-hit", "watchpoint-trigger", "end-stepping-range", "signal-received".</summary>
    public string Reason => Field(ReasonField());

    /// <summary>Function of the innermost frame, empty if gdb has no symbol.</summary>
    public string Function => Field(FunctionField());

    /// <summary>Address of the next instruction.</summary>
    public ulong Address => ulong.Parse(Field(AddressField()), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Number of the thread that stopped: a CPU, counted from 1.</summary>
    public int Thread => int.Parse(Field(ThreadField()), CultureInfo.InvariantCulture);

    /// <summary>Value of a watched expression before, as gdb prints it.</summary>
    public long Old => long.Parse(Field(OldField()), CultureInfo.InvariantCulture);

    /// <summary>Value of a watched expression now.</summary>
    public long New => long.Parse(Field(NewField()), CultureInfo.InvariantCulture);

    private string Field(Regex name) => name.Match(Record) is { Success: true } found ? found.Groups[1].Value : "";

    [GeneratedRegex("reason=\"([^\"]*)\"")]
    private static partial Regex ReasonField();

    [GeneratedRegex("func=\"([^\"]*)\"")]
    private static partial Regex FunctionField();

    [GeneratedRegex("addr=\"0x([^\"]*)\"")]
    private static partial Regex AddressField();

    [GeneratedRegex("thread-id=\"([^\"]*)\"")]
    private static partial Regex ThreadField();

    [GeneratedRegex("old=\"([^\"]*)\"")]
    private static partial Regex OldField();

    [GeneratedRegex("new=\"([^\"]*)\"")]
    private static partial Regex NewField();
}
