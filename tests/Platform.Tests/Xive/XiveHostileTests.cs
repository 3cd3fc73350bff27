using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>
/// Random calls, loads, stores and edges of a hypervisor that is no friend: no exception, no hang, no byte into secure memory, and a state that can be saved and loaded. Half of the
/// numbers are ones that mean something, so that the rest does not stop at the first check.
/// </summary>
internal sealed unsafe class XiveHostileTests
{
    private const int Operations = 25_000;

    private static readonly OpalToken[] Tokens =
    [
        .. Enum.GetValues<OpalToken>().Where(token => token.ToString().StartsWith("XIVE_", StringComparison.Ordinal)),
        OpalToken.SET_XIVE, OpalToken.GET_XIVE, OpalToken.INT_EOI, OpalToken.INT_GET_XIRR, OpalToken.INT_SET_CPPR, OpalToken.INT_SET_MFRR,
    ];

    private static readonly int[] Sizes = [1, 2, 4, 8];

    [Test]
    public void NothingBreaks([Range(1, 4)] int seed)
    {
        using var machine = new XiveMachine();
        var random = new Random(seed);
        for (int n = 0; n < Operations; n++)
        {
            string what = $"seed {seed}, operation {n}";
            Assert.That(() => Operate(machine, random), Throws.Nothing, what);
        }

        Assert.That(new ReadOnlySpan<byte>(machine.Memory.Pointer(XiveMachine.SecureAddress, XiveMachine.SecureSize), (int)XiveMachine.SecureSize).ContainsAnyExcept((byte)0), Is.False);
        Assert.That(machine.Log.Warnings, Has.Count.LessThanOrEqualTo(101), "the log is not flooded");
        byte[] saved = Save(machine);
        using var other = new XiveMachine();
        other.Xive.Load(new SnapshotReader(saved));
        Assert.That(Save(other), Is.EqualTo(saved));
    }

    private static byte[] Save(XiveMachine machine)
    {
        var writer = new SnapshotWriter("");
        machine.Xive.Save(writer);
        return writer.ToArray();
    }

    private static void Operate(XiveMachine machine, Random random)
    {
        int thread = random.Next(2);
        int size = Sizes[random.Next(Sizes.Length)];
        switch (random.Next(5))
        {
            case 0:
                OpalToken token = Tokens[random.Next(Tokens.Length)];

                // A reset now and then: more of them would leave nothing to attack.
                if (token != OpalToken.XIVE_RESET || random.Next(20) == 0)
                    machine.Call(thread, token, [.. Enumerable.Range(0, 7).Select(_ => Number(machine, random))]);
                break;
            case 1:
                machine.Load(thread, Address(random), size);
                break;
            case 2:
                machine.Store(thread, Address(random), size, Number(machine, random));
                break;
            case 3:
                machine.Xive.Raise(XiveMachine.Device);
                break;
            default:
                machine.Store(thread, XiveMachine.Trigger(0x40 + (uint)random.Next(8)), 8, 0);
                break;
        }
    }

    private static ulong Address(Random random)
    {
        ulong offset = random.Next(2) == 0 ? (ulong)random.Next(0x40) : (ulong)random.Next(0x1000);
        return random.Next(3) switch
        {
            0 => XiveMap.Tima + ((ulong)random.Next(4) << 16) + offset,
            1 => XiveMap.SourcePages + ((ulong)random.Next(0x48) << 17) + ((ulong)random.Next(2) << 16) + offset,
            _ => XiveMap.EventQueuePages + ((ulong)random.Next(0x440) << 17) + ((ulong)random.Next(2) << 16) + offset,
        };
    }

    private static ulong Number(XiveMachine machine, Random random) => random.Next(10) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ulong.MaxValue - (ulong)random.Next(3),
        2 => XiveMachine.SecureAddress + (ulong)random.Next(0x1000),
        3 => (ulong)random.Next((int)XiveMachine.RamSize) & ~7UL,
        4 => 0x40UL + (ulong)random.Next(8),
        5 => XiveMap.EscalationBit | (ulong)random.Next(0x440),
        6 => machine.Xive.VirtualProcessors.Encode(machine.Xive.VirtualProcessors.All.ElementAt(random.Next(2)).Index),
        7 => 0x8000_0000UL | (ulong)random.Next(0x100),
        _ => (ulong)random.Next(0x20),
    };
}
