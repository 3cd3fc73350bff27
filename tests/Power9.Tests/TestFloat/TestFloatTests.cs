using System.Globalization;
using NUnit.Framework;
using RenodeUvmem.Power9.Tests.InstructionRecord;

namespace RenodeUvmem.Power9.Tests.TestFloat;

/// <summary>
/// Floating point against Berkeley TestFloat 3e, whose expected results and flags are SoftFloat's: every function that POWER9 has an instruction for, in all
/// rounding modes. scripts/testfloat.sh builds the program testfloat_gen outside of the repository, names it in UVMEM_TESTFLOAT and runs this. NaNs are
/// compared as such: which payload a NaN has is another matter on each architecture, and so is the integer that an invalid conversion delivers.
/// </summary>
[TestFixture]
[Oracle("testfloat")]
public sealed class TestFloatTests
{
    private const int Reported = 3;
    private const uint Invalid = 16;

    // TestFloat: invalid, infinite, overflow, underflow, inexact. FPSCR: VX, ZX, OX, UX, XX.
    private static readonly (uint Flag, uint Status)[] Flags = [(Invalid, 0x20000000), (8, 0x04000000), (4, 0x10000000), (2, 0x08000000), (1, 0x02000000)];

    private static readonly (string Option, uint Rn)[] Modes = [("-rnear_even", 0), ("-rminMag", 1), ("-rmax", 2), ("-rmin", 3)];

    /// <summary>Cases of a function and mode; 0: all that TestFloat has at level 1.</summary>
    private static readonly long Limit =
        Environment.GetEnvironmentVariable("UVMEM_TESTFLOAT_LIMIT") is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private string program = "";

    [OneTimeSetUp]
    public void Find()
    {
        program = Environment.GetEnvironmentVariable("UVMEM_TESTFLOAT") ?? "";
        if (!File.Exists(program))
            Assert.Ignore("UVMEM_TESTFLOAT does not name testfloat_gen; scripts/testfloat.sh builds it");
    }

    [TestCaseSource(typeof(Binding), nameof(Binding.All))]
    public void MatchesTestFloat(Binding binding)
    {
        using var unit = new ScalarUnit(binding);
        long cases = 0;
        long failures = 0;
        var reports = new List<string>();
        foreach ((string option, uint rn) in Modes)
        {
            using var generator = new Generator(program, binding.Rounding ?? option, binding.Exact ? "-exact" : "-notexact", binding.Function);
            Compare(unit, binding, generator, rn, ref cases, ref failures, reports);
        }

        TestContext.Out.WriteLine($"{cases} cases, {failures} mismatches");
        Assert.That(cases, Is.Positive, "TestFloat knows no such function");
        Assert.That(failures, Is.Zero, () => string.Join('\n', reports));
    }

    private static void Compare(ScalarUnit unit, Binding binding, Generator generator, uint rn, ref long cases, ref long failures, List<string> reports)
    {
        Span<UInt128> numbers = stackalloc UInt128[5];
        Span<UInt128> results = stackalloc UInt128[4];
        for (long n = 0; Limit == 0 || n < Limit; n++)
        {
            int count = generator.Next(numbers);
            if (count == 0)
                return;
            UInt128 expected = numbers[count - 2];
            uint flags = (uint)numbers[count - 1];
            unit.Run(numbers[..(count - 2)], rn);
            cases++;
            uint seen = 0;
            foreach ((uint flag, uint status) in Flags)
                seen |= (unit.Fpscr & status) != 0 ? flag : 0;
            bool same = seen == flags;
            foreach (UInt128 result in results[..unit.Results(results)])
                same &= IsExpected(binding, expected, flags, result);
            if (same || failures++ >= Reported)
                continue;
            reports.Add($"RN={rn} {string.Join(' ', numbers[..count].ToArray().Select(number => $"{number:X}"))}: got {results[0]:X} flags {seen:X2}");
        }
    }

    private static bool IsExpected(Binding binding, UInt128 expected, uint flags, UInt128 result)
    {
        if (binding.Truth == -1)
            return result == (expected == UInt128.Zero ? UInt128.Zero : binding.To == Place.Words ? uint.MaxValue : ulong.MaxValue);
        if (binding.Truth != 0)
            return result == expected;
        string type = binding.Function.Contains("_to_", StringComparison.Ordinal) ? binding.Function[(binding.Function.IndexOf("_to_", StringComparison.Ordinal) + 4)..] : binding.Function[..binding.Function.IndexOf('_', StringComparison.Ordinal)];
        if (type[0] is 'i' or 'u')
            return (flags & Invalid) != 0 || result == expected;
        (int width, int fraction) = type switch { "f16" => (16, 10), "f32" => (32, 23), "f64" => (64, 52), _ => (128, 112) };
        if (binding.To == Place.SingleInDword0)
            (expected, width, fraction) = (ScalarUnit.InDoubleFormat((uint)expected), 64, 52);
        return result == expected || (IsNaN(expected, width, fraction) && IsNaN(result, width, fraction));
    }

    private static bool IsNaN(UInt128 value, int width, int fraction)
    {
        UInt128 magnitude = value & ((UInt128.One << (width - 1)) - 1);
        UInt128 infinity = ((UInt128.One << (width - 1 - fraction)) - 1) << fraction;
        return magnitude > infinity;
    }
}
