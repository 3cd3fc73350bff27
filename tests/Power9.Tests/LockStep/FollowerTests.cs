using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>That the comparison itself sees what differs, on logs written by hand.</summary>
public sealed class FollowerTests
{
    private const ulong Code = 0x1000;
    private const ulong Disabled = Msr.SF | Msr.HV | Msr.ME;
    private const ulong Enabled = Disabled | Msr.EE;

    [Test]
    public void EqualRegistersAreNoDivergence()
    {
        WindowResult result = Follow(Disabled, At(0, 0), At(1, 7), At(2, 7, 9));
        Assert.That((result.Instructions, result[DivergenceClass.Unexplained]), Is.EqualTo((2L, 0L)));
    }

    [Test]
    public void OneBitOfOneRegisterIsADivergence()
    {
        WindowResult result = Follow(Disabled, At(0, 0), At(1, 7), At(2, 7, 9 ^ (1UL << 63)));
        Assert.That(result[DivergenceClass.Unexplained], Is.EqualTo(1));
        Assert.That(result.Descriptions.Single(), Does.Contain("GPR 4 is 0x9, in QEMU 0x8000000000000009").And.Contain("addi r4,r3,2"));
    }

    /// <summary>What differed is taken over, so that a difference is told once.</summary>
    [Test]
    public void AfterADivergenceThePeersValueCounts()
    {
        WindowResult result = Follow(Disabled, At(0, 0), At(1, 8), At(2, 8, 10));
        Assert.That((result.Instructions, result[DivergenceClass.Unexplained]), Is.EqualTo((2L, 1L)));
    }

    [Test]
    public void AnInstructionThatWasNotExecutedIsNotExecutedHere()
    {
        WindowResult result = Follow(Disabled, At(0, 0), "Stopped execution of TB chain before 0x1 [1] \n", At(0, 0), At(1, 7));
        Assert.That((result.Instructions, result[DivergenceClass.Unexplained]), Is.EqualTo((1L, 0L)));
    }

    /// <summary>When it comes is taken over, what it does is not.</summary>
    [Test]
    public void TheDecrementerComesWhenThePeerSaysSo()
    {
        string taken = Line(0x900, Disabled, 7, 0, Code + 4, Enabled);
        WindowResult result = Follow(Enabled, At(0, 0, msr: Enabled), "Raise exception at 0000000000001004 => DECR (10) error=00\n", taken);
        Assert.That((result.Instructions, result[DivergenceClass.DEC], result[DivergenceClass.Unexplained]), Is.EqualTo((1L, 1L, 0L)));
    }

    [Test]
    public void AnInterruptThatMsrDoesNotAllowIsADivergence()
    {
        string taken = Line(0x900, Disabled, 7, 0, Code + 4, Disabled);
        WindowResult result = Follow(Disabled, At(0, 0), "Raise exception at 0000000000001004 => DECR (10) error=00\n", taken);
        Assert.That(result[DivergenceClass.Unexplained], Is.EqualTo(1));
        Assert.That(result.Descriptions.Single(), Does.Contain("NIA is 0x1004, in QEMU 0x900"));
    }

    private static unsafe WindowResult Follow(ulong msr, params string[] lines)
    {
        using var replica = new Replica();
        BinaryPrimitives.WriteUInt32BigEndian(replica.Ram[(int)Code..], Word("addi", 3, 0, 7));
        BinaryPrimitives.WriteUInt32BigEndian(replica.Ram[((int)Code + 4)..], Word("addi", 4, 3, 2));
        replica.Cpu.State->Nia = Code;
        replica.Cpu.SetMsr(msr);
        var result = new WindowResult("test");
        using var log = new ExecutionLog(new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(lines))));

        // After the last line nothing is known: what is there is right.
        new Follower(replica, result).Follow(log, long.MaxValue, () => { }, () => { }, () => replica.Registers());
        result.Instructions--;
        return result;
    }

    private static string At(int instruction, ulong r3, ulong r4 = 0, ulong msr = Disabled) => Line(Code + (4 * (ulong)instruction), msr, r3, r4, 0, 0);

    // A state as QEMU 7.2 logs it.
    private static string Line(ulong nia, ulong msr, ulong r3, ulong r4, ulong srr0, ulong srr1)
    {
        var text = new StringBuilder("Trace 0: 0x7f [0/1/2/3] \n");
        void Add(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"NIP {nia:x16}   LR {0:x16} CTR {0:x16} XER {0:x16} CPU#0");
        Add($"MSR {msr:x16} HID0 {0:x16}  HF fc000006 iidx 7 didx 7");
        Add($"TB 00000000 00000000 DECR 4294967295");
        for (int k = 0; k < 32; k += 4)
            Add($"GPR{k:d2} {(k == 4 ? r4 : 0):x16} {0:x16} {0:x16} {(k == 0 ? r3 : 0):x16}");
        Add($"CR 00000000  [ -  -  -  -  -  -  -  -  ]             RES ffffffffffffffff");
        for (int k = 0; k < 32; k += 4)
            Add($"FPR{k:d2} {0:x16} {0:x16} {0:x16} {0:x16}");
        Add($"FPSCR {0:x16}");
        Add($" SRR0 {srr0:x16}  SRR1 {srr1:x16}    PVR {0:x16} VRSAVE {0:x16}");
        Add($"SPRG0 {0:x16} SPRG1 {0:x16}  SPRG2 {0:x16}  SPRG3 {0:x16}");
        Add($"HSRR0 {0:x16} HSRR1 {0:x16}");
        Add($" CFAR {0:x16}");
        Add($" LPCR {0:x16}");
        Add($" PTCR {0:x16}   DAR {0:x16}  DSISR {0:x16}");
        return text.ToString();
    }
}
