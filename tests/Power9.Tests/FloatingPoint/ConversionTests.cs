using System.Numerics;
using NUnit.Framework;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>Conversions among formats, to and from integers, and to integral values, against exact big-integer arithmetic.</summary>
public class ConversionTests
{
    private const int Rounds = 40_000;

    private delegate FpResult Narrowing(ulong bits, FpEnvironment env);

    private static readonly Dictionary<IntegerType, (BigInteger Least, BigInteger Greatest)> Ranges = new()
    {
        [IntegerType.SignedWord] = (int.MinValue, int.MaxValue),
        [IntegerType.UnsignedWord] = (0, uint.MaxValue),
        [IntegerType.SignedDoubleword] = (long.MinValue, long.MaxValue),
        [IntegerType.UnsignedDoubleword] = (0, ulong.MaxValue),
    };

    [Test]
    public void DoubleToSingleInDoubleRegister() =>
        CheckFormat(OracleFormat.Double, OracleFormat.Double, OracleFormat.Single, FormatConversion.Convert<Binary64, Binary64, Binary32>);

    [Test]
    public void DoubleToSingle() =>
        CheckFormat(OracleFormat.Double, OracleFormat.Single, OracleFormat.Single, FormatConversion.Convert<Binary64, Binary32, Binary32>);

    [Test]
    public void SingleToDouble() =>
        CheckFormat(OracleFormat.Single, OracleFormat.Double, OracleFormat.Double, FormatConversion.Convert<Binary32, Binary64, Binary64>);

    [Test]
    public void DoubleToHalf() =>
        CheckFormat(OracleFormat.Double, OracleFormat.Half, OracleFormat.Half, FormatConversion.Convert<Binary64, Binary16, Binary16>);

    [Test]
    public void HalfToDouble() =>
        CheckFormat(OracleFormat.Half, OracleFormat.Double, OracleFormat.Double, FormatConversion.Convert<Binary16, Binary64, Binary64>);

    [Test]
    public void QuadToDouble([Values] bool odd)
    {
        var source = new OperandSource(99);
        for (var i = 0; i < Rounds; i++)
        {
            var bits = Scaled(source, OracleFormat.Quad, OracleFormat.Double);
            var env = FpEnvironment.From(source.Control());
            env = odd ? env.With(RoundingMode.Odd) : env;
            var actual = FormatConversion.QuadToDouble(bits, env);
            Compare(bits, OracleFormat.Quad, OracleFormat.Double, OracleFormat.Double, env, actual);
        }
    }

    [Test]
    public void ToIntegers([Values] IntegerType type, [Values] RoundingMode mode)
    {
        if (mode is RoundingMode.Odd or RoundingMode.AwayFromZero)
        {
            return;
        }

        var source = new OperandSource(7 + (int)type);
        for (var i = 0; i < Rounds / 4; i++)
        {
            var env = FpEnvironment.From(source.Control());
            var quad = NearInteger(source, OracleFormat.Quad);
            CheckInteger(quad, OracleFormat.Quad, type, mode, env, IntegerConversion.ToFromQuad(quad, type, mode, env));
            var twice = NearInteger(source, OracleFormat.Double);
            CheckInteger(twice, OracleFormat.Double, type, mode, env, IntegerConversion.To<Binary64>((ulong)twice, type, mode, env));
            var single = NearInteger(source, OracleFormat.Single);
            CheckInteger(single, OracleFormat.Single, type, mode, env, IntegerConversion.To<Binary32>((ulong)single, type, mode, env));
        }
    }

    [Test]
    public void FromIntegers()
    {
        var source = new OperandSource(11);
        for (var i = 0; i < Rounds; i++)
        {
            var value = source.Bits64() >> source.Pick(64);
            value = source.Pick(4) == 0 ? 0 - value : value;
            var env = FpEnvironment.From(source.Control());
            Check(value, false, IntegerConversion.FromUnsigned<Binary64, Binary64>(value, env), OracleFormat.Double, OracleFormat.Double);
            Check(value, false, IntegerConversion.FromUnsigned<Binary64, Binary32>(value, env), OracleFormat.Double, OracleFormat.Single);
            Check(value, false, IntegerConversion.FromUnsigned<Binary32, Binary32>(value, env), OracleFormat.Single, OracleFormat.Single);
            Check((long)value, true, IntegerConversion.FromSigned<Binary64, Binary64>((long)value, env), OracleFormat.Double, OracleFormat.Double);
            Check((long)value, true, IntegerConversion.FromSigned<Binary64, Binary32>((long)value, env), OracleFormat.Double, OracleFormat.Single);
            Check((long)value, true, IntegerConversion.FromSigned<Binary32, Binary32>((long)value, env), OracleFormat.Single, OracleFormat.Single);

            void Check(BigInteger integer, bool signed, FpResult actual, OracleFormat storage, OracleFormat precision)
            {
                var (rounded, flags) = ExactOracle.Round(
                    integer.Sign < 0, new(BigInteger.Abs(integer), 0, false), precision, env.Rounding, env.OverflowEnabled, env.UnderflowEnabled);
                var expected = new FpResult((ulong)ExactOracle.Encode(rounded, storage), flags | FpResult.HasFprf | ExactOracle.Class(rounded, precision));
                Assert.That(actual, Is.EqualTo(expected), $"{integer} signed={signed} to {precision.Name} in {storage.Name}, {env.Rounding}");
            }
        }
    }

    [Test]
    public void ToIntegral([Values] RoundingMode mode, [Values] bool inexact)
    {
        if (mode is RoundingMode.Odd or RoundingMode.AwayFromZero)
        {
            return;
        }

        var source = new OperandSource(23);
        for (var i = 0; i < Rounds / 4; i++)
        {
            var env = FpEnvironment.From(source.Control());
            var quad = NearInteger(source, OracleFormat.Quad);
            var result = RoundToIntegral.ComputeQuad(quad, mode, inexact, env);
            CheckIntegral(quad, OracleFormat.Quad, result.Bits, result.Status);
            var twice = NearInteger(source, OracleFormat.Double);
            var shorter = RoundToIntegral.Compute<Binary64>((ulong)twice, mode, inexact, env);
            CheckIntegral(twice, OracleFormat.Double, shorter.Bits, shorter.Status);
            var single = NearInteger(source, OracleFormat.Single);
            shorter = RoundToIntegral.Compute<Binary32>((ulong)single, mode, inexact, env);
            CheckIntegral(single, OracleFormat.Single, shorter.Bits, shorter.Status);

            void CheckIntegral(UInt128 bits, OracleFormat format, UInt128 actual, uint status)
            {
                var value = ExactOracle.Decode(bits, format);
                if (value.IsNaN || value.IsInfinity)
                {
                    return;
                }

                var (units, lost) = ExactOracle.RoundToUnits(value.Magnitude, value.Scale, false, 0, value.Negative, mode);
                OracleValue rounded = new(value.Negative, units, 0, false, false, false);
                var expected = (ExactOracle.Encode(rounded, format), (inexact ? lost : 0) | FpResult.HasFprf | ExactOracle.Class(rounded, format));
                Assert.That((actual, status), Is.EqualTo(expected), $"{format.Name} {bits:X} {mode} inexact={inexact}");
            }
        }
    }

    private static void CheckFormat(OracleFormat from, OracleFormat storage, OracleFormat precision, Narrowing convert)
    {
        var source = new OperandSource(from.Width + (2 * storage.Width) + (3 * precision.Width));
        for (var i = 0; i < Rounds; i++)
        {
            var bits = from.Width > precision.Width ? Scaled(source, from, precision) : source.Operand(from);
            var env = FpEnvironment.From(source.Control());
            Compare(bits, from, storage, precision, env, convert((ulong)bits, env));
        }
    }

    private static void Compare(
        UInt128 bits, OracleFormat from, OracleFormat storage, OracleFormat precision, FpEnvironment env, FpResult actual)
    {
        var value = ExactOracle.Decode(bits, from);
        if (value.IsNaN)
        {
            CheckNaN(bits, value, from, storage, precision, env, actual);
            return;
        }

        uint flags = 0;
        var rounded = value;
        if (!value.IsInfinity)
        {
            (rounded, flags) = ExactOracle.Round(
                value.Negative, new(value.Magnitude, value.Scale, false), precision, env.Rounding, env.OverflowEnabled, env.UnderflowEnabled);
        }

        flags |= FpResult.HasFprf | ExactOracle.Class(rounded, precision);
        ulong image;
        try
        {
            image = (ulong)ExactOracle.Encode(rounded, storage);
        }
        catch (ArgumentException) when ((flags & (Fpscr.OX | Fpscr.UX)) != 0)
        {
            // An adjusted exponent beyond the storage format: the result is undefined.
            return;
        }

        Assert.That(actual, Is.EqualTo(new FpResult(image, flags)), $"{from.Name} {bits:X} to {precision.Name} in {storage.Name}, {env.Rounding}");
    }

    private static void CheckNaN(
        UInt128 bits, OracleValue value, OracleFormat from, OracleFormat storage, OracleFormat precision, FpEnvironment env, FpResult actual)
    {
        if (value.IsSignalling && env.InvalidEnabled)
        {
            Assert.That(actual, Is.EqualTo(new FpResult(0, Fpscr.VXSNAN | FpResult.Suppressed)));
            return;
        }

        // Payload left-aligned, cut to the precision, made quiet.
        var payload = (BigInteger)bits % BigInteger.Pow(2, from.FractionBits);
        payload = (payload << 200) >> (200 + from.FractionBits - precision.FractionBits) << (storage.FractionBits - precision.FractionBits);
        payload |= BigInteger.Pow(2, storage.FractionBits - 1);
        var image = (value.Negative ? BigInteger.Pow(2, storage.Width - 1) : 0) + ((BigInteger)storage.Top << storage.FractionBits) + payload;
        var status = FpResult.HasFprf | (0b10001u << 12) | (value.IsSignalling ? Fpscr.VXSNAN : 0);
        Assert.That(actual, Is.EqualTo(new FpResult((ulong)image, status)), $"{from.Name} {bits:X} to {precision.Name}");
    }

    private static void CheckInteger(
        UInt128 bits, OracleFormat format, IntegerType type, RoundingMode mode, FpEnvironment env, FpResult actual)
    {
        var value = ExactOracle.Decode(bits, format);
        var (least, greatest) = Ranges[type];
        BigInteger integer = 0;
        uint status = 0;
        var inRange = false;
        if (!value.IsNaN && !value.IsInfinity)
        {
            (integer, status) = ExactOracle.RoundToUnits(value.Magnitude, value.Scale, false, 0, value.Negative, mode);
            integer = value.Negative ? -integer : integer;
            inRange = integer >= least && integer <= greatest;
        }

        if (!inRange)
        {
            status = Fpscr.VXCVI | (value.IsSignalling ? Fpscr.VXSNAN : 0);
            integer = value.IsNaN || value.Negative ? least : greatest;
            if (env.InvalidEnabled)
            {
                integer = 0;
                status |= FpResult.Suppressed;
            }
        }

        var image = (ulong)(integer & ulong.MaxValue);
        Assert.That(actual, Is.EqualTo(new FpResult(image, status)), $"{format.Name} {bits:X} to {type} {mode}");
    }

    /// <summary>An operand whose exponent mostly lies around the range of the narrower format.</summary>
    private static UInt128 Scaled(OperandSource source, OracleFormat from, OracleFormat to)
    {
        var bits = source.Operand(from);
        if (source.Pick(4) == 0)
        {
            return bits;
        }

        var around = source.Pick(3) switch
        {
            0 => from.Bias - to.Bias - source.Pick(to.FractionBits + 4) + 2,
            1 => from.Bias + to.Bias - 2 + source.Pick(4),
            _ => from.Bias - to.Bias + source.Pick(2 * to.Bias),
        };
        return WithExponent(bits, from, around);
    }

    /// <summary>An operand whose exponent mostly puts its last bits around the integers.</summary>
    private static UInt128 NearInteger(OperandSource source, OracleFormat format)
    {
        var bits = source.Operand(format);
        return source.Pick(5) == 0 ? bits : WithExponent(bits, format, format.Bias - 2 + source.Pick(68));
    }

    private static UInt128 WithExponent(UInt128 bits, OracleFormat format, int biased)
    {
        var field = (UInt128)(uint)format.Top << format.FractionBits;
        return (bits & ~field) | (UInt128)(uint)biased << format.FractionBits;
    }
}
