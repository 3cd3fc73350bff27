using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>What explains a divergence: the instruction and the registers that it may concern.</summary>
internal static class Deviations
{
    /// <summary>The class of a divergence of the last step, and the rule if it has one.</summary>
    public static (DivergenceClass Class, string? Rule) Explain(Replica replica, List<int> fields, RegisterSet own, RegisterSet peer)
    {
        uint word = replica.Word;
        bool target = fields.Count == 1 && fields[0] == Field.Gpr0 + (int)((word >> 21) & 31);
        if (!target)
            return (DivergenceClass.Unexplained, null);
        if (replica.DeviceReads > 0)
            return (DivergenceClass.DeviceRead, null);
        return (word & 0xFC0007FE) switch
        {
            ReadSpr when PeerSprs.IsTime(SprOf(word)) => (DivergenceClass.Time, null),
            ReadTime => (DivergenceClass.Time, null),
            DeliverRandom => (DivergenceClass.Random, null),
            _ => (DivergenceClass.Unexplained, null),
        };
    }

    // mfspr, mftb, darn without the bits of their operands.
    private const uint ReadSpr = 0x7C0002A6;
    private const uint ReadTime = 0x7C0002E6;
    private const uint DeliverRandom = 0x7C0005E6;

    private static int SprOf(uint word) => (int)(((word >> 16) & 31) | ((word >> 6) & 0x3E0));
}
