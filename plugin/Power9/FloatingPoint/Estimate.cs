namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The estimates fre, fres, frsqrte, frsqrtes, xsre*, xvre*, xsrsqrte*. The ISA bounds only their relative error
/// (2^-14 on POWER9) and leaves FR, FI and XX undefined; here they are the value rounded to nearest with FR, FI and XX
/// left alone.
/// </summary>
public static class Estimate
{
    private const uint Undefined = Fpscr.FR | Fpscr.FI | Fpscr.XX;

    private static readonly Unpacked One = new(FpKind.Finite, false, 0, UInt128.One << 127);

    /// <summary>1 / a.</summary>
    public static FpResult Reciprocal<TStorage, TPrecision>(ulong a, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        uint exceptions = 0;
        var exact = Division.Exact<TPrecision>(One, Encoding.Unpack<TStorage>(a), ref exceptions);
        return Deliver<TStorage, TPrecision>(exact, exceptions, env);
    }

    /// <summary>1 / sqrt(a).</summary>
    public static FpResult ReciprocalSquareRoot<TStorage, TPrecision>(ulong a, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        uint exceptions = 0;
        var root = SquareRoot.Exact(Encoding.Unpack<TStorage>(a), ref exceptions);
        var exact = root.IsNaN ? root : Division.Exact<TPrecision>(One, root, ref exceptions);
        return Deliver<TStorage, TPrecision>(exact, exceptions, env);
    }

    private static FpResult Deliver<TStorage, TPrecision>(in Unpacked exact, uint exceptions, FpEnvironment env)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat
    {
        var result = Delivery.To<TStorage, TPrecision>(exact, exceptions, env);
        return new(result.Bits, result.Status & ~Undefined);
    }
}
