using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>The short way through radix trees finds what the long one finds, whatever the tables hold. What the long one finds the other tests of this folder compare with the ISA.</summary>
public sealed unsafe class UsualWalkTests
{
    private const int Rounds = 60;
    private const int Accesses = 400;
    private const ulong TablesFrom = BareMachine.PartitionTable;
    private const ulong TablesTo = 0x400000;

    private static readonly Context[] Contexts =
    [
        Context.HostKernel, Context.HostUser, Context.GuestReal, Context.GuestKernel, Context.GuestUser, Context.SvmKernel, Context.SvmUser, Context.HostReal, Context.Ultravisor,
    ];

    [Test]
    public void FindsWhatTheLongWayFinds([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        int found = 0, refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using var shortWay = new BareMachine();
            using var longWay = new BareMachine();
            longWay.Cpu.WalksShort = false;
            shortWay.WithSecureGuest();
            longWay.WithSecureGuest();
            (ulong amr, ulong iamr) = ((ulong)random.Next(4) << 62, (ulong)random.Next(2) << 62);
            foreach (BareMachine machine in (BareMachine[])[shortWay, longWay])
                (machine[SprNumber.AMR], machine[SprNumber.IAMR]) = (amr, iamr);
            int damage = random.Next(40);
            for (int n = 0; n < damage; n++)
                Damage(random, shortWay.Memory, longWay.Memory);
            for (int n = 0; n < Accesses; n++)
            {
                Context context = Contexts[random.Next(Contexts.Length)];
                var kind = (AccessKind)random.Next(3);
                ulong ea = Address(random);
                Translation a = Translate(shortWay, context, kind, ea), b = Translate(longWay, context, kind, ea);
                string what = $"round {round}: {kind} of 0x{ea:x}, {context}";
                Assert.That(a.Fault, Is.EqualTo(b.Fault), what);
                if (b.Fault == TranslationFault.None)
                    Assert.That((a.Real, a.Allowed, a.Cacheable), Is.EqualTo((b.Real, b.Allowed, b.Cacheable)), what);
                else
                    Assert.That((a.Status, a.Asdr), Is.EqualTo((b.Status, b.Asdr)), what);
                _ = b.Fault == TranslationFault.None ? found++ : refused++;
            }

            foreach (ulong from in (ReadOnlySpan<ulong>)[0, BareMachine.GuestBase, BareMachine.SecureBase, BareMachine.SecureGuestBase])
                Assert.That(Tables(shortWay, from).SequenceEqual(Tables(longWay, from)), Is.True, $"round {round}: R and C of the tables from 0x{from:x}");
            Assert.That(shortWay.Violations, Is.EqualTo(longWay.Violations), $"round {round}");
        }

        Assert.That(Math.Min(found, refused), Is.GreaterThan(1000));
    }

    private static Translation Translate(BareMachine machine, Context context, AccessKind kind, ulong ea)
    {
        machine.S->Msr = context.Msr;
        machine[SprNumber.LPIDR] = context.IsSvm ? BareMachine.SecureLpid : BareMachine.Lpid;
        machine.Cpu.Translate(ea, kind, out Translation result);
        return result;
    }

    private static ulong Address(Random random)
    {
        ulong ea = random.Next(8) switch
        {
            < 4 => BareMachine.KernelBase + (ulong)random.NextInt64((long)BareMachine.MemorySize),
            < 7 => BareMachine.UserBase + (ulong)random.NextInt64((long)RadixTree.Size2M),
            _ => (ulong)random.NextInt64(1L << 32),
        };
        return random.Next(20) == 0 ? ea ^ (1UL << random.Next(64)) : ea;
    }

    // One bit of an entry that is in use, in one of the places that tables lie in.
    private static void Damage(Random random, params PhysicalMemory[] memories)
    {
        ulong[] bases = [0, BareMachine.GuestBase, BareMachine.SecureBase, BareMachine.SecureGuestBase];
        for (int tries = 0; tries < 100_000; tries++)
        {
            ulong address = bases[random.Next(bases.Length)] + TablesFrom + ((ulong)random.NextInt64((long)(TablesTo - TablesFrom)) & ~7UL);
            byte* entry = memories[0].Pointer(address, 8);
            if (entry == null || *(ulong*)entry == 0)
                continue;
            int bit = random.Next(3) == 0 ? random.Next(64) : random.Next(10);
            foreach (PhysicalMemory memory in memories)
                memory.Pointer(address, 8)[7 - (bit / 8)] ^= (byte)(1 << (bit % 8));
            return;
        }
    }

    private static Span<byte> Tables(BareMachine machine, ulong from)
    {
        byte* first = machine.Memory.Pointer(from + TablesFrom, TablesTo - TablesFrom);
        return first == null ? [] : new Span<byte>(first, (int)(TablesTo - TablesFrom));
    }
}
