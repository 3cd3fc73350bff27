namespace RenodeUvmem.Power9.Tests.TestFloat;

/// <summary>A function of TestFloat and the instruction that computes it.</summary>
/// <param name="Function">TestFloat's name, for example <c>f64_add</c>.</param>
/// <param name="Mnemonic">Of the row.</param>
/// <param name="Roles">For each of TestFloat's operands the register it goes to: A, B, C or T.</param>
/// <param name="From">Where the operands lie.</param>
/// <param name="To">Where the result lies.</param>
/// <param name="Rounding">TestFloat's option, if the instruction does not take FPSCR[RN].</param>
/// <param name="Exact">For roundings to integer: whether they report inexact results.</param>
/// <param name="Truth">For comparisons: the bits of the CR field that say yes.</param>
public sealed record Binding(string Function, string Mnemonic, string Roles, Place From, Place To, string? Rounding = null, bool Exact = true, int Truth = 0)
{
    /// <summary>Every function of binary32, 64 and 128 that POWER9 has an instruction for.</summary>
    public static IEnumerable<Binding> All() => [.. Arithmetic(), .. Comparisons(), .. Roundings(), .. Conversions()];

    public override string ToString() => $"{Function} {Mnemonic}";

    private static IEnumerable<Binding> Arithmetic()
    {
        foreach (string operation in new[] { "add", "sub", "mul", "div", "sqrt" })
        {
            string roles = operation == "sqrt" ? "B" : "AB";

            // fmul takes its second operand from FRC.
            string fRoles = operation == "mul" ? "AC" : roles;
            yield return new($"f64_{operation}", $"f{operation}[.]", fRoles, Place.Dword0, Place.Dword0);
            yield return new($"f64_{operation}", $"xs{operation}dp", roles, Place.Dword0, Place.Dword0);
            yield return new($"f64_{operation}", $"xv{operation}dp", roles, Place.Dwords, Place.Dwords);
            yield return new($"f32_{operation}", $"f{operation}s[.]", fRoles, Place.SingleInDword0, Place.SingleInDword0);
            yield return new($"f32_{operation}", $"xs{operation}sp", roles, Place.SingleInDword0, Place.SingleInDword0);
            yield return new($"f32_{operation}", $"xv{operation}sp", roles, Place.Words, Place.Words);
            yield return new($"f128_{operation}", $"xs{operation}qp", roles, Place.Quad, Place.Quad);
            yield return new($"f128_{operation}", $"xs{operation}qpo", roles, Place.Quad, Place.Quad, "-rodd");
        }

        yield return new("f64_mulAdd", "fmadd[.]", "ACB", Place.Dword0, Place.Dword0);
        yield return new("f64_mulAdd", "xsmaddadp", "ABT", Place.Dword0, Place.Dword0);
        yield return new("f64_mulAdd", "xsmaddmdp", "ATB", Place.Dword0, Place.Dword0);
        yield return new("f64_mulAdd", "xvmaddadp", "ABT", Place.Dwords, Place.Dwords);
        yield return new("f32_mulAdd", "fmadds[.]", "ACB", Place.SingleInDword0, Place.SingleInDword0);
        yield return new("f32_mulAdd", "xsmaddasp", "ABT", Place.SingleInDword0, Place.SingleInDword0);
        yield return new("f32_mulAdd", "xvmaddasp", "ABT", Place.Words, Place.Words);
        yield return new("f128_mulAdd", "xsmaddqp", "ABT", Place.Quad, Place.Quad);
        yield return new("f128_mulAdd", "xsmaddqpo", "ABT", Place.Quad, Place.Quad, "-rodd");
    }

    private static IEnumerable<Binding> Comparisons()
    {
        const int Less = 8;
        const int Equal = 2;
        (string Suffix, int Truth)[] quiet = [("eq", Equal), ("le_quiet", Less | Equal), ("lt_quiet", Less)];
        (string Suffix, int Truth)[] signaling = [("eq_signaling", Equal), ("le", Less | Equal), ("lt", Less)];
        foreach ((string suffix, int truth) in quiet)
        {
            yield return new($"f64_{suffix}", "fcmpu", "AB", Place.Dword0, Place.ConditionField, Truth: truth);
            yield return new($"f64_{suffix}", "xscmpudp", "AB", Place.Dword0, Place.ConditionField, Truth: truth);
            yield return new($"f32_{suffix}", "fcmpu", "AB", Place.SingleInDword0, Place.ConditionField, Truth: truth);
            yield return new($"f128_{suffix}", "xscmpuqp", "AB", Place.Quad, Place.ConditionField, Truth: truth);
        }

        foreach ((string suffix, int truth) in signaling)
        {
            yield return new($"f64_{suffix}", "fcmpo", "AB", Place.Dword0, Place.ConditionField, Truth: truth);
            yield return new($"f64_{suffix}", "xscmpodp", "AB", Place.Dword0, Place.ConditionField, Truth: truth);
            yield return new($"f32_{suffix}", "fcmpo", "AB", Place.SingleInDword0, Place.ConditionField, Truth: truth);
            yield return new($"f128_{suffix}", "xscmpoqp", "AB", Place.Quad, Place.ConditionField, Truth: truth);
        }

        // A mask of ones says yes. Greater is less with the operands swapped.
        foreach ((string suffix, string relation, string roles) in new[] { ("eq", "eq", "AB"), ("le", "ge", "BA"), ("lt", "gt", "BA") })
        {
            yield return new($"f64_{suffix}", $"xscmp{relation}dp", roles, Place.Dword0, Place.Dword0, Truth: -1);
            yield return new($"f64_{suffix}", $"xvcmp{relation}dp[.]", roles, Place.Dwords, Place.Dwords, Truth: -1);
            yield return new($"f32_{suffix}", $"xvcmp{relation}sp[.]", roles, Place.Words, Place.Words, Truth: -1);
        }
    }

    private static IEnumerable<Binding> Roundings()
    {
        foreach ((string letter, string rounding) in new[] { ("", "-rnear_maxMag"), ("z", "-rminMag"), ("p", "-rmax"), ("m", "-rmin") })
        {
            yield return new("f64_roundToInt", letter.Length == 0 ? "frin[.]" : $"fri{letter}[.]", "B", Place.Dword0, Place.Dword0, rounding, false);
            yield return new("f64_roundToInt", $"xsrdpi{letter}", "B", Place.Dword0, Place.Dword0, rounding, false);
            yield return new("f64_roundToInt", $"xvrdpi{letter}", "B", Place.Dwords, Place.Dwords, rounding, false);
            yield return new("f32_roundToInt", $"xvrspi{letter}", "B", Place.Words, Place.Words, rounding, false);
        }

        yield return new("f64_roundToInt", "xsrdpic", "B", Place.Dword0, Place.Dword0);
        yield return new("f64_roundToInt", "xvrdpic", "B", Place.Dwords, Place.Dwords);
        yield return new("f32_roundToInt", "xvrspic", "B", Place.Words, Place.Words);

        // R=0 and RMC=0: to nearest, ties away from zero.
        yield return new("f128_roundToInt", "xsrqpi", "B", Place.Quad, Place.Quad, "-rnear_maxMag", false);
        yield return new("f128_roundToInt", "xsrqpix", "B", Place.Quad, Place.Quad, "-rnear_maxMag");
    }

    private static IEnumerable<Binding> Conversions()
    {
        const string Chop = "-rminMag";
        yield return new("f64_to_f32", "frsp[.]", "B", Place.Dword0, Place.SingleInDword0);
        yield return new("f64_to_f32", "xsrsp", "B", Place.Dword0, Place.SingleInDword0);
        yield return new("f64_to_f32", "xscvdpsp", "B", Place.Dword0, Place.Word0);
        yield return new("f64_to_f32", "xvcvdpsp", "B", Place.Dwords, Place.EvenWords);
        yield return new("f32_to_f64", "xscvspdp", "B", Place.Word0, Place.Dword0);
        yield return new("f32_to_f64", "xvcvspdp", "B", Place.EvenWords, Place.Dwords);
        yield return new("f16_to_f64", "xscvhpdp", "B", Place.Half3, Place.Dword0);
        yield return new("f64_to_f16", "xscvdphp", "B", Place.Dword0, Place.Half3);
        yield return new("f64_to_f128", "xscvdpqp", "B", Place.Dword0, Place.Quad);
        yield return new("f128_to_f64", "xscvqpdp", "B", Place.Quad, Place.Dword0);
        yield return new("f128_to_f64", "xscvqpdpo", "B", Place.Quad, Place.Dword0, "-rodd");

        foreach ((string type, string letter) in new[] { ("i", ""), ("ui", "u") })
        {
            yield return new($"{type}64_to_f64", $"fcfid{letter}[.]", "B", Place.Dword0, Place.Dword0);
            yield return new($"{type}64_to_f32", $"fcfid{letter}s[.]", "B", Place.Dword0, Place.SingleInDword0);
            string s = letter.Length == 0 ? "s" : "u";
            yield return new($"{type}64_to_f64", $"xscv{s}xddp", "B", Place.Dword0, Place.Dword0);
            yield return new($"{type}64_to_f32", $"xscv{s}xdsp", "B", Place.Dword0, Place.SingleInDword0);
            yield return new($"{type}64_to_f64", $"xvcv{s}xddp", "B", Place.Dwords, Place.Dwords);
            yield return new($"{type}64_to_f32", $"xvcv{s}xdsp", "B", Place.Dwords, Place.EvenWords);
            yield return new($"{type}32_to_f64", $"xvcv{s}xwdp", "B", Place.EvenWords, Place.Dwords);
            yield return new($"{type}32_to_f32", $"xvcv{s}xwsp", "B", Place.Words, Place.Words);
            yield return new($"{type}64_to_f128", $"xscv{s}dqp", "B", Place.Dword0, Place.Quad);

            yield return new($"f64_to_{type}64", $"fctid{letter}[.]", "B", Place.Dword0, Place.Dword0);
            yield return new($"f64_to_{type}64", $"fctid{letter}z[.]", "B", Place.Dword0, Place.Dword0, Chop);
            yield return new($"f64_to_{type}32", $"fctiw{letter}[.]", "B", Place.Dword0, Place.Word1);
            yield return new($"f64_to_{type}32", $"fctiw{letter}z[.]", "B", Place.Dword0, Place.Word1, Chop);
            yield return new($"f64_to_{type}64", $"xscvdp{s}xds", "B", Place.Dword0, Place.Dword0, Chop);
            yield return new($"f64_to_{type}32", $"xscvdp{s}xws", "B", Place.Dword0, Place.Word1, Chop);
            yield return new($"f64_to_{type}64", $"xvcvdp{s}xds", "B", Place.Dwords, Place.Dwords, Chop);
            yield return new($"f64_to_{type}32", $"xvcvdp{s}xws", "B", Place.Dwords, Place.EvenWords, Chop);
            yield return new($"f32_to_{type}64", $"xvcvsp{s}xds", "B", Place.EvenWords, Place.Dwords, Chop);
            yield return new($"f32_to_{type}32", $"xvcvsp{s}xws", "B", Place.Words, Place.Words, Chop);
            yield return new($"f128_to_{type}64", $"xscvqp{s}dz", "B", Place.Quad, Place.Dword0, Chop);
            yield return new($"f128_to_{type}32", $"xscvqp{s}wz", "B", Place.Quad, Place.Word1, Chop);
        }
    }
}
