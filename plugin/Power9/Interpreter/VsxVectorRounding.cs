using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX vector rounding to integral (ISA 3.0B Book I 7.6.1.8). Bit 23 of the word tells double elements from single ones.</summary>
public static unsafe class VsxVectorRounding
{
    [Insn("xvrdpi", Form.XX2, 60, 201, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    [Insn("xvrspi", Form.XX2, 60, 137, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xvri<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag => VsxElements.Map<TBit23, NearestAway>(s, i, i->B, i->B, i->B);

    [Insn("xvrdpic", Form.XX2, 60, 235, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    [Insn("xvrspic", Form.XX2, 60, 171, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xvric<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag => VsxElements.Map<TBit23, Current>(s, i, i->B, i->B, i->B);

    [Insn("xvrdpim", Form.XX2, 60, 249, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    [Insn("xvrspim", Form.XX2, 60, 185, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xvrim<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag => VsxElements.Map<TBit23, TowardNegative>(s, i, i->B, i->B, i->B);

    [Insn("xvrdpip", Form.XX2, 60, 233, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    [Insn("xvrspip", Form.XX2, 60, 169, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xvrip<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag => VsxElements.Map<TBit23, TowardPositive>(s, i, i->B, i->B, i->B);

    [Insn("xvrdpiz", Form.XX2, 60, 217, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    [Insn("xvrspiz", Form.XX2, 60, 153, "XT,XB", "I 7.6.1.8", Facility = Facility.Vsx)]
    public static Insn* Xvriz<TBit23>(CpuState* s, Insn* i)
        where TBit23 : struct, IFlag => VsxElements.Map<TBit23, TowardZero>(s, i, i->B, i->B, i->B);

    private readonly struct NearestAway : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => RoundToIntegral.Compute<T>(a, RoundingMode.NearestAway, false, env);
    }

    private readonly struct Current : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => RoundToIntegral.Compute<T>(a, env.Rounding, true, env);
    }

    private readonly struct TowardNegative : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => RoundToIntegral.Compute<T>(a, RoundingMode.TowardNegative, false, env);
    }

    private readonly struct TowardPositive : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => RoundToIntegral.Compute<T>(a, RoundingMode.TowardPositive, false, env);
    }

    private readonly struct TowardZero : IElementOperation
    {
        public static FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
            where T : struct, IBinaryFormat => RoundToIntegral.Compute<T>(a, RoundingMode.TowardZero, false, env);
    }
}
