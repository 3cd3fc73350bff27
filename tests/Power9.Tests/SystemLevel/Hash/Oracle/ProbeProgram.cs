using System.Buffers.Binary;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>
/// The program of the probe, big-endian: for each case it sets registers, enters the routine with rfid, and writes down what happened. All vectors
/// note SRR0 and SRR1 and go to the hypervisor by <c>sc 1</c>; a guest's own vectors execute in its virtual real mode.
/// </summary>
internal static class ProbeProgram
{
    private const int VectorRegister = 12;
    private const int Case = 20;
    private const int Result = 21;
    private const int Left = 22;
    private const uint Isync = 0x4C00012C;
    private const uint Ptesync = 0x7C4004AC;

    // rldicr 3,3,32,31
    private const uint ShiftLeft32 = 0x786307C6;

    /// <summary>Writes it into an image whose cases and tables are there.</summary>
    public static void WriteTo(Span<byte> image, int cases)
    {
        // sc keeps what it is; 0xC00 is where all end.
        for (int vector = 0x100; vector < 0x1000; vector += 0x20)
        {
            if (vector == 0xC00)
                Put(image, vector, Branch(vector, ProbeLayout.Common));
            else
                Put(image, vector, Word("mfspr", 13, SprNumber.SRR0), Word("mfspr", 14, SprNumber.SRR1), Word("addi", VectorRegister, 0, vector), Word("sc", 1));
        }

        Put(image, ProbeLayout.Entry, Branch(ProbeLayout.Entry, ProbeLayout.Start));
        ulong[] constants = [ProbeLayout.PartitionTable | 4, ProbeLayout.Segments, ProbeLayout.Cases, ProbeLayout.Results, (ulong)cases, ProbeLayout.Data, ProbeLayout.DataSize / 0x1000, 0x7FFFFFFF];
        for (int k = 0; k < constants.Length; k++)
            Put64(image, ProbeLayout.Constants + (8 * k), constants[k]);
        Put(image, ProbeLayout.Start, [.. Prepare()]);
        Put(image, ProbeLayout.Loop, [.. OneCase()]);
        uint[] common = [.. Finish()];
        Put(image, ProbeLayout.Common, common);
        Put(image, ProbeLayout.LoadRoutine, Word("ld", 10, 0, 3), Word("sc", 1));
        Put(image, ProbeLayout.StoreRoutine, Word("std", 11, 0, 3), Word("sc", 1));
        Put(image, ProbeLayout.FetchRoutine, Word("mtspr", SprNumber.CTR, 3), 0x4E800420);
    }

    public static void Put64(Span<byte> image, int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(image[at..], value);

    private static IEnumerable<uint> Prepare()
    {
        yield return Constant(1, 0);
        yield return Word("mtspr", SprNumber.PTCR, 1);
        yield return Word("slbia", 4);
        yield return Constant(1, 1);
        yield return Word("addi", 2, 0, 32);
        yield return Word("mtspr", SprNumber.CTR, 2);
        yield return Word("ld", 3, 0, 1);
        yield return Word("ld", 4, 8, 1);
        yield return Word("slbmte", 4, 3);
        yield return Word("addi", 1, 1, 16);
        yield return CountDown(-4);

        // Each doubleword: li 10,number of the 4 KiB page; sc 1.
        yield return Constant(1, 5);
        yield return Constant(5, 6);
        yield return Word("addi", 6, 0, 0);
        yield return Word("addis", 3, 6, 0x3940);
        yield return ShiftLeft32;
        yield return Word("addis", 3, 3, 0x4400);
        yield return Word("addi", 3, 3, 0x22);
        yield return Word("addi", 7, 0, 512);
        yield return Word("mtspr", SprNumber.CTR, 7);
        yield return Word("std", 3, 0, 1);
        yield return Word("addi", 1, 1, 8);
        yield return CountDown(-2);
        yield return Word("addi", 6, 6, 1);
        yield return Word("mtspr", SprNumber.CTR, 5);
        yield return Word("addi", 5, 5, -1 & 0xFFFF);
        yield return CountDown(-12);
        yield return Constant(Case, 2);
        yield return Constant(Result, 3);
        yield return Constant(Left, 4);
        yield return Branch(ProbeLayout.Start + (4 * 30), ProbeLayout.Loop);
    }

    private static IEnumerable<uint> OneCase()
    {
        yield return Constant(1, 7);
        yield return Word("mtspr", SprNumber.DEC, 1);
        yield return Word("addi", 0, 0, 0);
        foreach (int spr in (int[])[SprNumber.DAR, SprNumber.DSISR, SprNumber.HDAR, SprNumber.HDSISR, SprNumber.HSRR0, SprNumber.HSRR1])
            yield return Word("mtspr", spr, 0);
        foreach (int register in (int[])[10, VectorRegister, 13, 14])
            yield return Word("addi", register, 0, 0);
        foreach (uint word in Change())
            yield return word;
        yield return Word("ld", 3, ProbeLayout.Access, Case);
        (int Spr, int Offset)[] set = [(SprNumber.SRR1, 8), (SprNumber.AMR, 16), (SprNumber.IAMR, 24), (SprNumber.LPIDR, 32), (SprNumber.SRR0, 40), (SprNumber.LPCR, 48)];
        foreach ((int spr, int offset) in set)
        {
            yield return Word("ld", 5, ProbeLayout.Access + offset, Case);
            yield return Word("mtspr", spr, 5);
        }

        yield return Word("ld", 11, ProbeLayout.Access + 56, Case);
        yield return Isync;
        yield return Word("rfid");
    }

    // As Linux does it: the entry, then tlbie of its page; slbie, then slbmte.
    private static IEnumerable<uint> Change()
    {
        yield return Word("ld", 5, 0, Case);
        yield return Word("ld", 6, 8, Case);
        yield return Word("ld", 7, 16, Case);
        yield return Word("std", 7, 8, 5);
        yield return Word("std", 6, 0, 5);
        yield return Ptesync;
        yield return Word("ld", 5, 24, Case);
        yield return Word("ld", 6, 32, Case);
        yield return Word("tlbie", 5, 6, 0, 0, 0);
        yield return Ptesync;
        yield return Word("ld", 5, 40, Case);
        yield return Word("slbie", 5);
        yield return Isync;
        yield return Word("ld", 5, 48, Case);
        yield return Word("ld", 6, 56, Case);
        yield return Word("slbmte", 6, 5);
    }

    private static IEnumerable<uint> Finish()
    {
        int offset = 0;
        foreach (int register in (int[])[10, VectorRegister, 13, 14])
        {
            yield return Word("std", register, offset, Result);
            offset += 8;
        }

        foreach (int spr in (int[])[SprNumber.DAR, SprNumber.DSISR, SprNumber.HDAR, SprNumber.HDSISR, SprNumber.HSRR0, SprNumber.HSRR1])
        {
            yield return Word("mfspr", 1, spr);
            yield return Word("std", 1, offset, Result);
            offset += 8;
        }

        int at = ProbeLayout.Common + (4 * (4 + 12));
        yield return Word("addi", Result, Result, ProbeLayout.ResultSize);
        yield return Word("addi", Case, Case, ProbeLayout.CaseSize);
        yield return Word("mtspr", SprNumber.CTR, Left);
        yield return Word("addi", Left, Left, -1 & 0xFFFF);
        yield return Word("bc", 16, 0, (ProbeLayout.Loop - (at + 16)) & 0xFFFC);
        yield return Word("addi", 1, 0, 1);
        yield return Word("std", 1, ProbeLayout.Done, 0);
        yield return Word("b", 0);
    }

    private static uint Constant(int register, int number) => Word("ld", register, ProbeLayout.Constants + (8 * number), 0);

    private static uint CountDown(int words) => Word("bc", 16, 0, (4 * words) & 0xFFFC);

    private static uint Branch(int from, int to) => Word("b", to - from);

    private static void Put(Span<byte> image, int at, params uint[] words)
    {
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32BigEndian(image[at..], word);
            at += 4;
        }
    }
}
