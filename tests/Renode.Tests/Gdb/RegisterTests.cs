using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Registers in gdb, against the instructions that move them to and from GPRs, and against the Monitor.</summary>
[TestFixture]
[RequiresRenode]
[RequiresGdb]
internal sealed partial class RegisterTests
{
    private RenodeProcess renode = null!;

    [OneTimeSetUp]
    public void Start()
    {
        renode = RenodeProcess.Start();
        renode.LoadPlugin();
    }

    [OneTimeTearDown]
    public void End() => renode.Dispose();

    // Encodings: ISA 3.0B Book I and III, appendix of opcodes; gdb's disassembler has to agree.
    [Test]
    public void What_gdb_writes_instructions_read()
    {
        (uint Word, string Text)[] code =
        [
            (0x7C230066, "mffprd r3,f1"),
            (0x7C440066, "mffprd r4,f2"),
            (0x7C450266, "mfvsrld r5,vs2"),
            (0x7C460067, "mfvrd r6,v2"),
            (0x7C470267, "mfvsrld r7,vs34"),
            (0x7D1042A6, "mfsprg r8,0"),
            (0x7D200026, "mfcr r9"),
            (0x7D4102A6, "mfxer r10"),
            (0x7D6802A6, "mflr r11"),
            (0x7D8902A6, "mfctr r12"),
            (0xFC80048E, "mffs f4"),
            (0x7C8E0066, "mffprd r14,f4"),
        ];
        using GdbProcess gdb = BareMachine.Attach(renode, [.. code.Select(line => line.Word)]);
        Assert.That(Disassembly(gdb, code.Length), Is.EqualTo(code.Select(line => line.Text)));
        gdb.Run("set $f1 = 2.5");
        for (int n = 0; n < 4; n++)
        {
            gdb.Run($"set $vs2.v4_int32[{n}] = 0x{n + 1}0{n + 1}0{n + 1}0{n + 1}0");
            gdb.Run($"set $vr2.v4_int32[{n}] = 0x0{n + 5}0{n + 5}0{n + 5}0{n + 5}");
        }

        gdb.Run("set $sprg0 = 0x123456789abcdef0");
        gdb.Run("set $cr = 0x12345678");
        gdb.Run("set $xer = 0x20040005");
        gdb.Run("set $lr = 0x1111222233334444");
        gdb.Run("set $ctr = 0x5555666677778888");
        gdb.Run("set $fpscr = 0x3");
        GdbStop stop = gdb.Resume($"stepi {code.Length}");
        Assert.That(stop.Address, Is.EqualTo(BareMachine.Code + ((ulong)code.Length * 4)));
        (int Gpr, ulong Value)[] expected =
        [
            // IEEE 754: 2.5 = 1.25 * 2^1.
            (3, 0x4004_0000_0000_0000),

            // Element n of a little-endian vector is worth 2^(32 n).
            (4, 0x40404040_30303030),
            (5, 0x20202020_10101010),
            (6, 0x08080808_07070707),
            (7, 0x06060606_05050505),
            (8, 0x123456789ABCDEF0),
            (9, 0x12345678),
            (10, 0x20040005),
            (11, 0x1111222233334444),
            (12, 0x5555666677778888),
            (14, 0x3),
        ];
        foreach ((int gpr, ulong value) in expected)
        {
            Assert.That(gdb.Number($"$r{gpr}"), Is.EqualTo(value), $"gdb's r{gpr} after {code[Math.Min(gpr - 3, code.Length - 1)].Text}");
            Assert.That(Monitor($"cpu0 GetRegister {gpr}"), Is.EqualTo(value), $"the Monitor's r{gpr}");
        }
    }

    [Test]
    public void What_instructions_write_gdb_reads()
    {
        (uint Word, string Text)[] code =
        [
            (0x7C274367, "mtvsrdd vs33,r7,r8"),
            (0x7C690166, "mtfprd f3,r9"),
            (0x7D5143A6, "mtsprg 1,r10"),
            (0x7D6FF120, "mtcr r11"),
        ];
        using GdbProcess gdb = BareMachine.Attach(renode, [.. code.Select(line => line.Word)]);
        Assert.That(Disassembly(gdb, code.Length), Is.EqualTo(code.Select(line => line.Text)));
        renode.Command("cpu0 SetRegister 7 0x0102030405060708");
        renode.Command("cpu0 SetRegister 8 0x1112131415161718");
        renode.Command("cpu0 SetRegister 9 0xC008000000000000");
        renode.Command("cpu0 SetRegister 10 0x2122232425262728");
        renode.Command("cpu0 SetRegister 11 0x87654321");
        gdb.Resume($"stepi {code.Length}");
        ulong[] elements = [0x15161718, 0x11121314, 0x05060708, 0x01020304];
        for (int n = 0; n < elements.Length; n++)
        {
            Assert.That(gdb.Number($"$vr1.v4_int32[{n}] & 0xffffffff"), Is.EqualTo(elements[n]), $"vr1[{n}]");
            Assert.That(gdb.Number($"$vs33.v4_int32[{n}] & 0xffffffff"), Is.EqualTo(elements[n]), $"vs33[{n}]");
        }

        Assert.That(gdb.Run("output $f3").Trim(), Is.EqualTo("-3"));
        Assert.That(gdb.Number("$sprg1"), Is.EqualTo(0x2122232425262728));
        Assert.That(gdb.Number("$cr"), Is.EqualTo(0x87654321));
        Assert.That(gdb.Number("$pc"), Is.EqualTo(BareMachine.Code + ((ulong)code.Length * 4)));
    }

    [Test]
    public void Gdb_and_the_Monitor_show_the_same()
    {
        using GdbProcess gdb = BareMachine.Attach(renode);
        foreach ((string name, ulong value) in (ReadOnlySpan<(string, ulong)>)[("r1", 0xC000000001EE38E0), ("r31", 0x31), ("cr", 0x84000442), ("lr", 0xC0DE), ("hsprg1", 0xFEDCBA98)])
            gdb.Run($"set ${name} = 0x{value:x}");
        var compared = new List<string>();
        foreach (Match row in Row().Matches(renode.Command("cpu0 GetRegistersValues")))
        {
            string name = row.Groups[1].Value;

            // gdb converts a floating-point number and hides halves of VSRs, and the Monitor shows no more than 64 bits; the tests above have all of these.
            if (Special().IsMatch(name))
                continue;
            ulong value = ulong.Parse(row.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            Assert.That(gdb.Number($"${name}"), Is.EqualTo(value), name);
            compared.Add(name);
        }

        Assert.That(compared, Is.SupersetOf(new[] { "r0", "r31", "pc", "msr", "cr", "lr", "ctr", "xer", "fpscr", "vscr", "vrsave", "lpcr", "lpidr", "ptcr", "smfctrl", "urmor", "hdsisr", "asdr", "dec", "pir" }));
        renode.Command("cpu0 SetRegister \"vs7h\" 0x7060504030201000");
        Assert.That(gdb.Run("flushregs"), Is.Not.Null);
        Assert.That((gdb.Number("$vs7.v4_int32[0]"), gdb.Number("$vs7.v4_int32[1]")), Is.EqualTo((0x30201000UL, 0x70605040UL)));
    }

    [Test]
    public void Groups_hold_what_gdb_knows_and_the_special_purpose_registers()
    {
        using GdbProcess gdb = BareMachine.Attach(renode);
        Assert.That(gdb.Run("info registers vector"), Does.Contain("vr0 ").And.Contain("vr31 ").And.Contain("vs0 ").And.Contain("vs63 ").And.Contain("vscr "));
        Assert.That(gdb.Run("info registers float"), Does.Contain("f0 ").And.Contain("f31 ").And.Contain("fpscr "));
        Assert.That(gdb.Run("info registers system"), Does.Contain("lpcr ").And.Contain("smfctrl ").And.Contain("ptcr "));
    }

    /// <summary>Whatever gdb asks for, it gets an error, Renode lives, and its log does not fill.</summary>
    [Test]
    public void Odd_requests_are_refused()
    {
        using GdbProcess gdb = BareMachine.Attach(renode);
        int before = Lines();
        foreach (string address in (string[])["0x7fffffff0000", "0xfffffffffffffff8", "0x100000"])
            Assert.That(Assert.Throws<GdbException>(() => gdb.Run($"x/gx {address}"))!.Message, Does.Contain("Cannot access memory"), address);

        // Registers: not there, not there, too long.
        foreach (string packet in (string[])["p270f", "P270f=00", "P42=112233445566778899"])
            Assert.That(gdb.Run($"maint packet {packet}"), Does.Contain("received: \"E").Or.Contain("received: \"\""), packet);
        Assert.That(renode.FailingCommand("cpu0 GetRegister 4000"), Does.Contain("4000"));
        Assert.That(renode.FailingCommand("cpu0 SetRegister 66 0x123456789A"), Does.Contain("32 bits"));
        Assert.That(renode.FailingCommand("cpu0 DebugContext \"nowhere\""), Does.Contain("hypervisor"));
        Assert.That(gdb.Number("$pc"), Is.EqualTo(BareMachine.Code));
        Assert.That(Lines() - before, Is.LessThan(60), "lines in the log");
    }

    private static IEnumerable<string> Disassembly(GdbProcess gdb, int count) =>
        from line in gdb.Run($"x/{count}i 0x{BareMachine.Code:x}").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        select Blanks().Replace(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), " ");

    private ulong Monitor(string command) => ulong.Parse(renode.Command(command).Trim()["0x".Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private int Lines() => renode.Log.Count(character => character == '\n');

    [GeneratedRegex(@"^\| (\w+) +\| \d+ +\| 0x([0-9A-F]+) +\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^(f\d+|vr\d+|vs\d+h)$")]
    private static partial Regex Special();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
