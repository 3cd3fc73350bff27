namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>A CR field that was not computed yet: the compare whose result it is, on places that have not changed since.</summary>
/// <param name="Write">What would be written.</param>
/// <param name="Compare">The compare in it.</param>
/// <param name="Operands">Offsets of what is compared, and of XER[SO].</param>
internal sealed record PendingCompare(StateWrite Write, Invoke Compare, IReadOnlyList<int> Operands)
{
    /// <summary>The condition of the host's flags after such a compare that a bit of the field is, or null for SO.</summary>
    public HostCondition? ConditionOf(long bit)
    {
        bool signed = Compare.Callee.Intrinsic == Intrinsic.CompareSigned;
        return bit switch
        {
            Interpreter.Condition.LT => signed ? HostCondition.Less : HostCondition.Below,
            Interpreter.Condition.GT => signed ? HostCondition.Greater : HostCondition.Above,
            Interpreter.Condition.EQ => HostCondition.Equal,
            _ => null,
        };
    }
}
