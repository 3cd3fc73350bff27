using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>The reader of Robot files, without a Renode. Expected values: the user guide of Robot Framework 6.1.</summary>
[TestFixture]
internal sealed class RobotReaderTests
{
    [Test]
    public void Cells_stand_between_two_spaces_or_a_tab() =>
        Assert.That(Calls("Say    one two   three\tfour    # no more"), Is.EqualTo("Say(one two, three, four)"));

    [Test]
    public void Three_dots_continue_a_row() => Assert.That(Calls("Say    one", "...    two", "...    three"), Is.EqualTo("Say(one, two, three)"));

    [Test]
    public void A_backslash_takes_the_meaning_of_a_character() =>
        Assert.That(Calls(@"Say    \${x}    a\\b    \#    a\=b"), Is.EqualTo(@"Say(${x}, a\b, #, a=b)"));

    [Test]
    public void Names_are_the_same_with_other_case_spaces_and_underscores() =>
        Assert.That(Calls("${Some Name}=    setvariable    5", "Say    ${some_name}"), Is.EqualTo("Say(5)"));

    [Test]
    public void A_result_is_taken_whole_or_in_parts() =>
        Assert.That(
            Calls("${all}=    Set Variable    a    b", "${first}    ${second}=    Set Variable    @{all}", "Say    ${all}[1]${second}${first}"),
            Is.EqualTo("Say(bba)"));

    [Test]
    public void The_server_s_struct_has_items() => Assert.That(Calls("${line}=    Line", "Say    ${line}[Timestamp]"), Is.EqualTo("Line(); Say(1.5)"));

    [Test]
    public void A_cell_that_is_one_variable_keeps_its_type()
    {
        object? seen = null;
        Run(Suite("Say    ${7}"), (_, arguments) => seen = arguments[0]);
        Assert.That(seen, Is.EqualTo(7L));
    }

    [Test]
    public void A_keyword_has_arguments_with_defaults_names_and_the_rest() =>
        Assert.That(
            CallsOf(
                """
                *** Test Cases ***
                Test
                    Mine    1
                    Mine    1    c=3
                    Mine    1    2    3    4    x=5
                *** Keywords ***
                Mine
                    [Arguments]    ${a}    ${b}=${a}${a}    ${c}=none    @{d}
                    Say    ${a}    ${b}    ${c}    @{d}
                """),
            Is.EqualTo("Say(1, 11, none); Say(1, 11, 3); Say(1, 2, 3, 4, x=5)"));

    [Test]
    public void A_keyword_returns() =>
        Assert.That(
            CallsOf(
                """
                *** Test Cases ***
                Test
                    ${x}=    Mine    4
                    Say    ${x}
                *** Keywords ***
                Mine
                    [Arguments]    ${a}
                    RETURN    ${a}2
                    Say    never
                """),
            Is.EqualTo("Say(42)"));

    [Test]
    public void Variables_of_the_command_line_win_over_those_of_the_file() =>
        Assert.That(
            CallsOf(
                """
                *** Variables ***
                ${A}    file
                ${B}    ${A}/b
                @{C}    x    y
                *** Test Cases ***
                Test
                    Say    ${A}    ${B}    @{C}    ${CURDIR}
                """,
                ("a", "given")),
            Is.EqualTo("Say(given, given/b, x, y, /suites)"));

    [Test]
    public void A_resource_adds_keywords_and_the_file_s_own_win()
    {
        string folder = Directory.CreateTempSubdirectory("uvmem-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "common.resource"), "*** Keywords ***\nOne\n    Say    resource\nTwo\n    Say    resource\n");
            RobotSuite suite = RobotSuite.Parse(
                Path.Combine(folder, "x.robot"),
                "*** Settings ***\nResource    common.resource\n*** Test Cases ***\nTest\n    One\n    Two\n*** Keywords ***\nOne\n    Say    file\n");
            Assert.That(Record(suite), Is.EqualTo("Say(file); Say(resource)"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("Should Be Equal    a    a")]
    [TestCase("Should Be Equal    ${SPACE}a\\n    a    strip_spaces=True")]
    [TestCase("Should Be Equal As Integers    0x10    16")]
    [TestCase("Should Not Be Equal As Integers    16    17")]
    [TestCase("Should Contain    abc    b")]
    [TestCase("Should Match Regexp    abc    ^a.c$")]
    [TestCase("Run Keyword And Expect Error    a != ?    Should Be Equal    a    b")]
    [TestCase("Run Keyword And Expect Error    *wrong    Refuse    something is wrong")]
    public void Passes(string step) => Assert.That(() => Calls(step), Throws.Nothing);

    [TestCase("Should Be Equal    a    b", "a != b")]
    [TestCase("Should Be Equal    a    b    which", "which: a != b")]
    [TestCase("Should Be Equal    ${1}    1", "1 (integer) != 1 (string)")]
    [TestCase("Should Be Equal As Integers    0x10    10", "16 != 10")]
    [TestCase("Should Be Equal As Integers    ten    10", "'ten' is no integer")]
    [TestCase("Should Not Be Equal As Integers    0x10    16", "16 == 16")]
    [TestCase("Should Contain    abc    d", "'abc' does not contain 'd'")]
    [TestCase("Should Match Regexp    abc    b$", "'abc' does not match 'b$'")]
    [TestCase("Run Keyword And Expect Error    b    Refuse    a", "expected error 'b' but got 'a'")]
    [TestCase("Run Keyword And Expect Error    b    Say    a", "expected error 'b' did not occur")]
    [TestCase("Wait Until Keyword Succeeds    10 ms    1 ms    Refuse    not yet", "not yet")]
    [TestCase("Wait Until Keyword Succeeds    soon    1 ms    Say", "'soon' is no time")]
    [TestCase("Refuse    because", "because")]
    [TestCase("Say    ${unknown}", "variable ${unknown} is not known")]
    [TestCase("Say    ${unknown", "a } is missing")]
    [TestCase("${a}    ${b}=    Set Variable    1", "2 variables can't take 1")]
    [TestCase("${x}=", "a keyword is missing")]
    [TestCase("IF    ${TRUE}", "IF is not known here")]
    [TestCase("FOR    ${x}    IN    1", "FOR is not known here")]
    [TestCase("[Timeout]    5", "[Timeout] is not known here")]
    public void Fails(string step, string message)
    {
        var failure = Assert.Throws<RobotException>(() => Calls("Say    first", step))!;
        Assert.That(failure.Message, Does.Contain(message).And.Contains("test.robot:4"));
    }

    [TestCase("*** Tasks ***", 1)]
    [TestCase("Text", 1)]
    [TestCase("*** Settings ***\nLibrary    String", 2)]
    [TestCase("*** Settings ***\nResource    missing.resource", 2)]
    [TestCase("*** Settings ***\nSuite Setup    Setup", 2)]
    [TestCase("*** Test Cases ***\n    Say", 2)]
    [TestCase("*** Test Cases ***\nTest    Say", 2)]
    [TestCase("*** Keywords ***\nMine\n    [Arguments]    a", 3)]
    [TestCase("*** Keywords ***\nMine\n    Say\nmine\n    Say", 4)]
    [TestCase("...    Say", 1)]
    public void What_is_not_known_is_told_with_file_and_line(string text, int line) =>
        Assert.That(Assert.Throws<RobotException>(() => RobotSuite.Parse("/suites/test.robot", text))!.Message, Does.Contain($"test.robot:{line}"));

    [TestCase("Mine", "argument a is missing")]
    [TestCase("Mine    1    2", "2 arguments given, 1 expected")]
    [TestCase("Mine    1    a=2", "argument a is given twice")]
    public void Arguments_that_do_not_fit_are_told(string step, string message) =>
        Assert.That(
            Assert.Throws<RobotException>(() => CallsOf($"*** Test Cases ***\nTest\n    {step}\n*** Keywords ***\nMine\n    [Arguments]    ${{a}}\n    Say    ${{a}}\n"))!.Message,
            Does.Contain(message).And.Contains("test.robot:3"));

    [Test]
    public void A_failure_names_all_places_on_the_way() =>
        Assert.That(
            Assert.Throws<RobotException>(() => CallsOf("*** Test Cases ***\nTest\n    Mine\n*** Keywords ***\nMine\n    Refuse    because\n"))!.Message,
            Does.Match(@"(?s)because\s+at test\.robot:6\s+in Mine, called at test\.robot:3"));

    [Test]
    public void Keywords_that_call_themselves_end() =>
        Assert.That(Assert.Throws<RobotException>(() => CallsOf("*** Test Cases ***\nTest\n    Mine\n*** Keywords ***\nMine\n    Mine\n"))!.Message, Does.Contain("call each other"));

    [Test]
    public void The_suites_can_be_read()
    {
        string[] files = [.. Directory.EnumerateFiles(RenodePlaces.Suites, "*.robot")];
        Assert.That(files, Is.Not.Empty);
        foreach (string file in files)
            Assert.That(RobotSuite.Read(file).Tests, Is.Not.Empty, file);
    }

    private static string Calls(params string[] steps) => Record(Suite(steps));

    private static string CallsOf(string text, params (string Name, string Value)[] given) =>
        Record(RobotSuite.Parse("/suites/test.robot", text), given);

    private static RobotSuite Suite(params string[] steps) =>
        RobotSuite.Parse("/suites/test.robot", $"*** Test Cases ***\nTest\n{string.Join('\n', steps.Select(step => "    " + step))}\n");

    private static string Record(RobotSuite suite, params (string Name, string Value)[] given)
    {
        var calls = new List<string>();
        Run(suite, (keyword, arguments) => calls.Add($"{keyword}({string.Join(", ", arguments.Select(Variables.Text))})"), given);
        return string.Join("; ", calls);
    }

    private static void Run(RobotSuite suite, Action<string, object?[]> seen, params (string Name, string Value)[] given) =>
        new Interpreter(suite, given.ToDictionary(pair => pair.Name, pair => pair.Value), new Server(seen)).Run(suite.Tests[0]);

    /// <summary>Has the keywords Say, Refuse (fails with its argument) and Line (gives what Renode gives for a line of a terminal).</summary>
    private sealed class Server(Action<string, object?[]> seen) : IKeywordServer
    {
        public object? Run(string keyword, params object?[] arguments)
        {
            if (keyword == "Refuse")
                throw new KeywordException($"{arguments[0]}");
            seen(keyword, arguments);
            return keyword == "Line" ? new Dictionary<string, object?> { ["Line"] = "text", ["Timestamp"] = 1.5 } : null;
        }
    }
}
