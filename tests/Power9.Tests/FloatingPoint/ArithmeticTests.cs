using System.Numerics;
using NUnit.Framework;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>
/// Every arithmetic operation against exact big-integer arithmetic: result image, all exception bits, FR, FI, FPRF and
/// write suppression, in all modes and with random enables.
/// </summary>
public class ArithmeticTests
{
    private const int Rounds = 60_000;

    public enum Operation
    {
        Add,
        Subtract,
        Multiply,
        Divide,
        SquareRoot,
        MultiplyAdd,
        MultiplySubtract,
        NegativeMultiplyAdd,
        NegativeMultiplySubtract,
    }

    private delegate FpResult Implementation(ulong a, ulong b, ulong c, Operation operation, FpEnvironment env);

    [Test]
    public void DoubleMatchesExactArithmetic([Values] Operation operation) =>
        Check(operation, OracleFormat.Double, OracleFormat.Double, Run<Binary64, Binary64>);

    [Test]
    public void SingleInDoubleRegistersMatchesExactArithmetic([Values] Operation operation) =>
        Check(operation, OracleFormat.Double, OracleFormat.Single, Run<Binary64, Binary32>);

    [Test]
    public void VectorSingleMatchesExactArithmetic([Values] Operation operation) =>
        Check(operation, OracleFormat.Single, OracleFormat.Single, Run<Binary32, Binary32>);

    [Test]
    public void QuadMatchesExactArithmetic([Values] Operation operation)
    {
        var source = new OperandSource(4711 + (int)operation);
        for (var i = 0; i < Rounds / 3; i++)
        {
            var a = source.Operand(OracleFormat.Quad);
            var b = source.Near(a, OracleFormat.Quad);
            var c = source.Operand(OracleFormat.Quad);
            var control = source.Control();
            var env = FpEnvironment.From(control);
            env = source.Pick(4) == 0 ? env.With(RoundingMode.Odd) : env;
            var actual = RunQuad(a, b, c, operation, env);
            var expected = Expect(a, b, c, operation, OracleFormat.Quad, OracleFormat.Quad, env, out var comparable);
            if (comparable && (actual.Bits, actual.Status) != expected)
            {
                Assert.Fail($"{operation} a={a:X32} b={b:X32} c={c:X32} mode={env.Rounding} control={control:X}: "
                    + $"got {actual.Bits:X32} {actual.Status:X8}, exact {expected.Bits:X32} {expected.Status:X8}");
            }
        }
    }

    private static void Check(
        Operation operation, OracleFormat storage, OracleFormat precision, Implementation implementation)
    {
        var source = new OperandSource(42 + (int)operation);
        for (var i = 0; i < Rounds; i++)
        {
            var a = source.Operand(storage);
            var b = source.Near(a, storage);
            var c = source.Operand(storage);
            if (storage != precision && source.Pick(3) != 0)
            {
                // Mostly what a program has: operands that are singles already.
                a = AsSingle(a);
                b = AsSingle(b);
                c = AsSingle(c);
            }

            if (source.Pick(8) == 0)
            {
                c = OneOf(storage);
            }

            var control = source.Control();
            var env = FpEnvironment.From(control);
            var actual = implementation((ulong)a, (ulong)b, (ulong)c, operation, env);
            var expected = Expect(a, b, c, operation, storage, precision, env, out var comparable);
            if (comparable && (actual.Bits, actual.Status) != expected)
            {
                Assert.Fail($"{operation} a={a:X16} b={b:X16} c={c:X16} control={control:X}: "
                    + $"got {actual.Bits:X16} {actual.Status:X8}, exact {expected.Bits:X16} {expected.Status:X8}");
            }
        }
    }

    private static UInt128 OneOf(OracleFormat format) => (UInt128)(uint)format.Bias << format.FractionBits;

    private static UInt128 AsSingle(UInt128 image)
    {
        var value = BitConverter.UInt64BitsToDouble((ulong)image);
        return double.IsNaN(value)
            ? image & ~(UInt128)0x1FFF_FFFF
            : BitConverter.DoubleToUInt64Bits((float)value);
    }

    private static FpResult Run<TStorage, TPrecision>(ulong a, ulong b, ulong c, Operation operation, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat => operation switch
        {
            Operation.Add => Addition.Add<TStorage, TPrecision>(a, b, env),
            Operation.Subtract => Addition.Subtract<TStorage, TPrecision>(a, b, env),
            Operation.Multiply => Multiplication.Multiply<TStorage, TPrecision>(a, b, env),
            Operation.Divide => Division.Divide<TStorage, TPrecision>(a, b, env),
            Operation.SquareRoot => SquareRoot.Of<TStorage, TPrecision>(a, env),
            _ => MultiplyAdd.Compute<TStorage, TPrecision>(a, c, b, Form(operation), env),
        };

    private static FpResult128 RunQuad(UInt128 a, UInt128 b, UInt128 c, Operation operation, FpEnvironment env) =>
        operation switch
        {
            Operation.Add => Addition.AddQuad(a, b, env),
            Operation.Subtract => Addition.SubtractQuad(a, b, env),
            Operation.Multiply => Multiplication.MultiplyQuad(a, b, env),
            Operation.Divide => Division.DivideQuad(a, b, env),
            Operation.SquareRoot => SquareRoot.OfQuad(a, env),
            _ => MultiplyAdd.ComputeQuad(a, c, b, Form(operation), env),
        };

    private static MultiplyAddForm Form(Operation operation) => operation switch
    {
        Operation.MultiplyAdd => MultiplyAddForm.Add,
        Operation.MultiplySubtract => MultiplyAddForm.Subtract,
        Operation.NegativeMultiplyAdd => MultiplyAddForm.NegativeAdd,
        _ => MultiplyAddForm.NegativeSubtract,
    };

    private static (UInt128 Bits, uint Status) Expect(
        UInt128 a,
        UInt128 b,
        UInt128 c,
        Operation operation,
        OracleFormat storage,
        OracleFormat precision,
        FpEnvironment env,
        out bool comparable)
    {
        comparable = true;
        var va = ExactOracle.Decode(a, storage);
        var vb = ExactOracle.Decode(b, storage);
        var vc = ExactOracle.Decode(c, storage);
        var subtract = operation is Operation.Subtract or Operation.MultiplySubtract or Operation.NegativeMultiplySubtract;
        var negate = operation is Operation.NegativeMultiplyAdd or Operation.NegativeMultiplySubtract;
        var operands = operation switch
        {
            Operation.SquareRoot => new[] { (a, va) },
            >= Operation.MultiplyAdd => new[] { (a, va), (b, vb), (c, vc) },
            _ => new[] { (a, va), (b, vb) },
        };

        uint flags = 0;
        UInt128? nan = null;
        foreach (var (image, value) in operands)
        {
            flags |= value.IsSignalling ? Fpscr.VXSNAN : 0;
            if (value.IsNaN && nan is null)
            {
                var dropped = precision.FractionBits < storage.FractionBits
                    ? storage.FractionBits - precision.FractionBits
                    : 0;
                nan = (image | UInt128.One << (storage.FractionBits - 1)) >> dropped << dropped;
            }
        }

        var special = Special(va, vb, vc, operation, subtract, nan is not null, env, out var number);
        flags |= special;
        if (nan is null && (flags & Fpscr.InvalidCauses) != 0)
        {
            nan = (UInt128)(uint)storage.Top << storage.FractionBits | UInt128.One << (storage.FractionBits - 1);
        }

        if (((flags & Fpscr.InvalidCauses) != 0 && env.InvalidEnabled) || ((flags & Fpscr.ZX) != 0 && env.ZeroDivideEnabled))
        {
            return (0, flags | FpResult.Suppressed);
        }

        if (nan is { } image0)
        {
            return (image0, flags | FpResult.HasFprf | 0b10001u << 12);
        }

        var (negative, infinite, exact) = number;
        OracleValue rounded = new(negative, 0, 0, infinite, false, false);
        if (!infinite)
        {
            (rounded, var more) = ExactOracle.Round(
                negative, exact, precision, env.Rounding, env.OverflowEnabled, env.UnderflowEnabled);
            flags |= more;
        }

        if (negate)
        {
            rounded = rounded with { Negative = !rounded.Negative };
        }

        flags |= FpResult.HasFprf | ExactOracle.Class(rounded, precision);
        try
        {
            return (ExactOracle.Encode(rounded, storage), flags);
        }
        catch (ArgumentException)
        {
            // Only an adjusted exponent can leave the storage format; the ISA leaves such results undefined.
            comparable = (flags & (Fpscr.OX | Fpscr.UX)) == 0 || (!env.OverflowEnabled && !env.UnderflowEnabled);
            return (0, flags);
        }
    }

    /// <summary>The invalid and zero-divide conditions, and the exact result where there is a number or infinity.</summary>
    private static uint Special(
        OracleValue a,
        OracleValue b,
        OracleValue c,
        Operation operation,
        bool subtract,
        bool anyNaN,
        FpEnvironment env,
        out (bool Negative, bool Infinite, OracleExact Exact) number)
    {
        number = default;
        switch (operation)
        {
            case Operation.Add:
            case Operation.Subtract:
                return anyNaN ? 0 : AddNumbers(a.Negative, a.IsInfinity, a.Magnitude, a.Scale, b, subtract, env, out number);
            case Operation.Multiply:
                if (anyNaN)
                {
                    return 0;
                }

                number = (a.Negative != b.Negative, a.IsInfinity || b.IsInfinity, new(a.Magnitude * b.Magnitude, a.Scale + b.Scale, false));
                return (a.IsInfinity && b.IsZero) || (a.IsZero && b.IsInfinity) ? Fpscr.VXIMZ : 0;
            case Operation.Divide:
                if (anyNaN)
                {
                    return 0;
                }

                number = (a.Negative != b.Negative, a.IsInfinity || b.IsZero, default);
                if (!a.IsInfinity && !b.IsInfinity && !b.IsZero)
                {
                    number.Exact = ExactOracle.Quotient(a, b);
                }

                return a.IsInfinity && b.IsInfinity ? Fpscr.VXIDI
                    : a.IsZero && b.IsZero ? Fpscr.VXZDZ
                    : b.IsZero && !a.IsInfinity ? Fpscr.ZX
                    : 0;
            case Operation.SquareRoot:
                if (anyNaN)
                {
                    return 0;
                }

                if (a.Negative && !a.IsZero)
                {
                    return Fpscr.VXSQRT;
                }

                number = (a.Negative, a.IsInfinity, a.IsInfinity ? default : ExactOracle.Root(a));
                return 0;
            default:
                if ((a.IsInfinity && c.IsZero) || (a.IsZero && c.IsInfinity))
                {
                    return Fpscr.VXIMZ;
                }

                return anyNaN ? 0 : AddNumbers(
                    a.Negative != c.Negative, a.IsInfinity || c.IsInfinity, a.Magnitude * c.Magnitude, a.Scale + c.Scale, b, subtract, env, out number);
        }
    }

    private static uint AddNumbers(
        bool negative,
        bool infinite,
        BigInteger magnitude,
        int scale,
        OracleValue b,
        bool subtract,
        FpEnvironment env,
        out (bool Negative, bool Infinite, OracleExact Exact) number)
    {
        number = default;
        var negativeB = b.Negative != subtract;
        if (infinite || b.IsInfinity)
        {
            number = (infinite ? negative : negativeB, true, default);
            return infinite && b.IsInfinity && negative != negativeB ? Fpscr.VXISI : 0;
        }

        var (sign, exact) = ExactOracle.Sum(
            negative ? -magnitude : magnitude, scale, negativeB ? -b.Magnitude : b.Magnitude, b.Scale);
        if (exact.Magnitude.IsZero)
        {
            // Zeros of one sign keep it; otherwise minus only toward minus infinity.
            sign = magnitude.IsZero && b.Magnitude.IsZero && negative == negativeB
                ? negative
                : env.Rounding == RoundingMode.TowardNegative;
        }

        number = (sign, false, exact);
        return 0;
    }
}
