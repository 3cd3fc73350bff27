using System.Globalization;
using System.Text.RegularExpressions;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>A call of a keyword of Robot Framework's own libraries.</summary>
internal sealed record BuiltInCall(Interpreter Interpreter, RobotStep Step, Variables Variables)
{
    /// <summary>The error of a keyword that found something else than was expected.</summary>
    public RobotException Failure(string message) => new(Step.Place, message);
}

/// <summary>
/// The keywords of Robot Framework's libraries BuiltIn and OperatingSystem that the suites use, with its meaning of arguments
/// (https://robotframework.org/robotframework/6.1/libraries/BuiltIn.html).
/// </summary>
internal sealed partial class BuiltIn
{
    private static readonly Dictionary<string, BuiltIn> Table = new(Names.Comparer)
    {
        ["Should Be Equal"] = Of("${first}  ${second}  ${msg}=  ${strip_spaces}=False", arguments =>
        {
            bool strip = Text(arguments["strip_spaces"]) == "True";
            object? first = Stripped(arguments["first"], strip), second = Stripped(arguments["second"], strip);
            if (Equals(first, second))
                return null;
            string different = Text(first) != Text(second) ? $"{Text(first)} != {Text(second)}" : $"{Typed(first)} != {Typed(second)}";
            throw arguments.Failure(different);
        }),
        ["Should Be Equal As Integers"] = Of("${first}  ${second}  ${msg}=", arguments =>
        {
            long first = Integer(arguments, "first"), second = Integer(arguments, "second");
            return first == second ? null : throw arguments.Failure($"{first} != {second}");
        }),
        ["Should Not Be Equal As Integers"] = Of("${first}  ${second}  ${msg}=", arguments =>
        {
            long first = Integer(arguments, "first"), second = Integer(arguments, "second");
            return first != second ? null : throw arguments.Failure($"{first} == {second}");
        }),
        ["Should Contain"] = Of("${container}  ${item}  ${msg}=", arguments =>
            Contains(arguments) ? null : throw arguments.Failure($"'{Text(arguments["container"])}' does not contain '{Text(arguments["item"])}'")),
        ["Should Match Regexp"] = Of("${string}  ${pattern}  ${msg}=", arguments =>
        {
            Match match = Regex.Match(Text(arguments["string"]), Text(arguments["pattern"]));
            if (!match.Success)
                throw arguments.Failure($"'{Text(arguments["string"])}' does not match '{Text(arguments["pattern"])}'");
            return match.Groups.Count == 1 ? match.Value : match.Groups.Values.Select(group => (object?)group.Value).ToList();
        }),
        ["Set Variable"] = Of("@{values}", arguments => arguments["values"] is List<object?> { Count: 1 } one ? one[0] : arguments["values"]),
        ["Get File"] = Of("${path}", arguments => File.ReadAllText(Text(arguments["path"]))),
        ["Run Keyword And Expect Error"] = new(ExpectError),
        ["Wait Until Keyword Succeeds"] = new(WaitUntilSucceeds),
    };

    private readonly Func<BuiltInCall, object?> run;

    private BuiltIn(Func<BuiltInCall, object?> run) => this.run = run;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, BuiltIn> All => Table;

    /// <summary>Runs it.</summary>
    /// <exception cref="RobotException">It failed.</exception>
    public object? Run(BuiltInCall call) => run(call);

    private static BuiltIn Of(string signature, Func<Arguments, object?> body)
    {
        var parsed = Signature.Of(default, signature.Split("  "));
        return new(call =>
        {
            var bound = new Variables();
            parsed.Bind(call.Step.Place, call.Step.Arguments, call.Variables, bound);
            var arguments = new Arguments(call, bound);
            return body(arguments);
        });
    }

    // First argument: the error, as a pattern where * is anything and ? one character.
    private static string ExpectError(BuiltInCall call)
    {
        if (call.Step.Arguments.Count < 2)
            throw call.Failure("expected an error and a keyword");
        string pattern = Text(call.Variables.Value(call.Step.Place, call.Step.Arguments[0]));
        string? error = null;
        try
        {
            call.Interpreter.Call(call.Step.Place, [.. call.Step.Arguments.Skip(1)], call.Variables);
        }
        catch (RobotException e)
        {
            error = e.Error;
        }

        if (error is null)
            throw call.Failure($"expected error '{pattern}' did not occur");
        string regex = "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$";
        return Regex.IsMatch(error, regex, RegexOptions.Singleline) ? error : throw call.Failure($"expected error '{pattern}' but got '{error}'");
    }

    // Arguments: for how long, or how often ("3x"); pause; keyword.
    private static object? WaitUntilSucceeds(BuiltInCall call)
    {
        if (call.Step.Arguments.Count < 3)
            throw call.Failure("expected a time, a pause and a keyword");
        string[] times = [.. call.Step.Arguments.Take(2).Select(cell => Text(call.Variables.Value(call.Step.Place, cell)))];
        TimeSpan atMost = Time(call, times[0]), pause = Time(call, times[1]);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return call.Interpreter.Call(call.Step.Place, [.. call.Step.Arguments.Skip(2)], call.Variables);
            }
            catch (RobotException) when (waited.Elapsed < atMost)
            {
                Thread.Sleep(pause);
            }
        }
    }

    private static TimeSpan Time(BuiltInCall call, string text)
    {
        Match match = TimeText().Match(text);
        if (!match.Success)
            throw call.Failure($"'{text}' is no time; expected e.g. 1 min, 30 s or 100 ms");
        double number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "min" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    private static string Text(object? value) => Variables.Text(value);

    private static string Typed(object? value) =>
        $"{Text(value)} ({value switch { null => "None", string => "string", bool => "boolean", long => "integer", double => "float", _ => "list" }})";

    private static object? Stripped(object? value, bool strip) => strip && value is string text ? text.Trim() : value;

    private static bool Contains(Arguments arguments) => arguments["container"] is IReadOnlyList<object?> list
        ? list.Contains(arguments["item"])
        : Text(arguments["container"]).Contains(Text(arguments["item"]), StringComparison.Ordinal);

    // Decimal, or 0x and hexadecimal, as Convert To Integer has it.
    private static long Integer(Arguments arguments, string name)
    {
        string text = Text(arguments[name]).Trim();
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return long.TryParse(hexadecimal ? text[2..] : text, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw arguments.Failure($"'{text}' is no integer");
    }

    [GeneratedRegex(@"^(\d+(?:\.\d+)?) ?(ms|s|min)$")]
    private static partial Regex TimeText();

    private sealed class Arguments(BuiltInCall call, Variables bound)
    {
        public object? this[string name] => bound.Value(call.Step.Place, $"${{{name}}}");

        // The caller's text comes first, as in Robot Framework.
        public RobotException Failure(string message) =>
            call.Failure(bound.Has("msg") && this["msg"] is string { Length: > 0 } text ? $"{text}: {message}" : message);
    }
}
