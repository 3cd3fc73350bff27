using System.Buffers.Binary;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>Random segments, tables and accesses of hypervisor and guest, here and on QEMU's powernv9: what each access gave or raised, and R and C in the tables.</summary>
public sealed class HashOracleTests
{
    private static readonly string[] Fields = ["GPR 10", "vector", "SRR0", "SRR1", "DAR", "DSISR", "HDAR", "HDSISR", "HSRR0", "HSRR1"];

    [Test]
    public void SameAsQemu([Range(1, 5)] int seed)
    {
        if (Oracles.Program("qemu-system-ppc64") is not { } program)
        {
            Oracles.Missing("no qemu-system-ppc64");
            return;
        }

        var probe = new ProbeImage(seed);
        byte[] here = ProbeMachines.OnThisCpu(probe.Bytes);
        byte[] there = ProbeMachines.OnQemu(program, probe.Bytes);
        Assert.That(Differences(probe, here, there).Take(20), Is.Empty);
        Assert.That(TableDifferences(probe.Bytes, here, there).Take(20), Is.Empty);

        // The probe is of use only if much of it works and much does not.
        int[] vectors = [.. Enumerable.Range(0, ProbeImage.CaseCount).Select(k => (int)Word(here, k, 1))];
        foreach (int vector in (int[])[0, 0x300, 0x380, 0x400, 0x480, 0xE00, 0xE20])
            Assert.That(vectors.Count(one => one == vector), Is.GreaterThan(20), $"vector 0x{vector:x}");
    }

    private static IEnumerable<string> Differences(ProbeImage probe, byte[] here, byte[] there)
    {
        for (int k = 0; k < ProbeImage.CaseCount; k++)
        {
            for (int field = 0; field < Fields.Length; field++)
            {
                if (Word(here, k, field) != Word(there, k, field))
                    yield return $"{probe.Describe(k)}: {Fields[field]} is 0x{Word(here, k, field):x}, in QEMU 0x{Word(there, k, field):x}; vector 0x{Word(here, k, 1):x}, 0x{Word(there, k, 1):x}";
            }
        }
    }

    private static IEnumerable<string> TableDifferences(byte[] before, byte[] here, byte[] there)
    {
        for (int at = ProbeLayout.HostTable; at < ProbeLayout.GuestTable + ProbeLayout.TableBytes; at += 8)
        {
            ulong first = BinaryPrimitives.ReadUInt64BigEndian(here.AsSpan(at));
            ulong second = BinaryPrimitives.ReadUInt64BigEndian(there.AsSpan(at));
            if (first != second)
                yield return $"table at 0x{at:x}: 0x{BinaryPrimitives.ReadUInt64BigEndian(before.AsSpan(at)):x} became 0x{first:x}, in QEMU 0x{second:x}";
        }
    }

    private static ulong Word(byte[] image, int number, int field) =>
        BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan(ProbeLayout.Results + (number * ProbeLayout.ResultSize) + (8 * field)));
}
