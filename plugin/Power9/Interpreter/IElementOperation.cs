using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>One element's work of a vector instruction, as a type so that the loop over elements is compiled for it.</summary>
internal interface IElementOperation
{
    /// <summary>The result from elements of up to three registers; operations of fewer operands ignore the rest.</summary>
    static abstract FpResult Apply<T>(ulong a, ulong b, ulong c, FpEnvironment env)
        where T : struct, IBinaryFormat;
}
