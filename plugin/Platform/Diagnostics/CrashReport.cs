using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RenodeUvmem.Platform.Opal;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>What a person needs to see of a processor that went wild: registers, and who called whom.</summary>
public static unsafe class CrashReport
{
    private static readonly (int Number, string Name)[] SpecialRegisters =
    [
        (SprNumber.LR, "LR"), (SprNumber.CTR, "CTR"), (SprNumber.SRR0, "SRR0"), (SprNumber.SRR1, "SRR1"),
        (SprNumber.HSRR0, "HSRR0"), (SprNumber.HSRR1, "HSRR1"), (SprNumber.DAR, "DAR"), (SprNumber.DSISR, "DSISR"),
        (SprNumber.HDAR, "HDAR"), (SprNumber.HDSISR, "HDSISR"), (SprNumber.ASDR, "ASDR"), (SprNumber.HEIR, "HEIR"),
        (SprNumber.LPCR, "LPCR"), (SprNumber.LPIDR, "LPIDR"), (SprNumber.PIDR, "PIDR"), (SprNumber.PTCR, "PTCR"),
        (SprNumber.HFSCR, "HFSCR"), (SprNumber.SMFCTRL, "SMFCTRL"),
    ];

    /// <summary>The report, lines with line ends.</summary>
    public static string Of(Cpu cpu, SymbolTable symbols)
    {
        CpuState* s = cpu.State;
        var text = new StringBuilder();
        text.AppendLine(Where(cpu, symbols));
        text.AppendLine(Line($"  CR {s->CrWord:x8}  XER {s->Xer:x8}"));
        for (int n = 0; n < 32; n += 4)
            text.AppendLine(Line($"  GPR{n:d2} {s->Gpr[n]:x16} {s->Gpr[n + 1]:x16} {s->Gpr[n + 2]:x16} {s->Gpr[n + 3]:x16}"));
        for (int n = 0; n < SpecialRegisters.Length; n += 4)
        {
            text.Append("  ");
            foreach ((int number, string name) in SpecialRegisters.Skip(n).Take(4))
                text.Append(Line($"{name,-7} {s->Spr[number]:x16}  "));
            text.AppendLine();
        }

        // A guest's code and stack are not where the hypervisor's linear map would have them.
        bool readable = (s->Msr & Msr.HV) != 0;
        if (readable)
            AppendCode(text, cpu, symbols);
        text.AppendLine("Call trace:");
        AppendFrame(text, s->Nia, symbols);
        AppendFrame(text, s->Spr[SprNumber.LR], symbols);
        if (readable)
        {
            foreach (ulong address in CallChain.Of(cpu))
                AppendFrame(text, address, symbols);
        }

        return text.ToString();
    }

    /// <summary>One line: where a processor stands, and in which state.</summary>
    public static string Where(Cpu cpu, SymbolTable symbols)
    {
        CpuState* s = cpu.State;
        return Line($"CPU 0x{cpu.Pir:x}  NIA {s->Nia:x16} {symbols.Describe(s->Nia)}{(cpu.Stopped ? " (stopped)" : "")}  MSR {s->Msr:x16} ({Describe(s->Msr)})");
    }

    // The instructions around NIA, where that is an address of the kernel's linear map or a real one.
    private static void AppendCode(StringBuilder text, Cpu cpu, SymbolTable symbols)
    {
        const int Before = 4;
        const int Shown = 7;
        var memory = new OpalMemory(cpu.Memory);
        bool littleEndian = (cpu.State->Msr & Msr.LE) != 0;
        Span<byte> bytes = stackalloc byte[4];
        text.AppendLine("Code:");
        for (int n = -Before; n < Shown - Before; n++)
        {
            ulong address = cpu.State->Nia + (ulong)(n * 4);
            if (!memory.TryRead(address, bytes))
                continue;
            uint word = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
            text.AppendLine(Line($"{(n == 0 ? "=>" : "  ")}{address:x16} {word:x8}  {Disassembler.Text(word, address),-32} {symbols.Describe(address)}").TrimEnd());
        }
    }

    private static void AppendFrame(StringBuilder text, ulong address, SymbolTable symbols) =>
        text.AppendLine(Line($"  {address:x16} {symbols.Describe(address)}").TrimEnd());

    private static string Describe(ulong msr)
    {
        (ulong Bit, string Name)[] bits =
        [
            (Msr.SF, "SF"), (Msr.HV, "HV"), (Msr.S, "S"), (Msr.VEC, "VEC"), (Msr.VSX, "VSX"), (Msr.EE, "EE"), (Msr.PR, "PR"),
            (Msr.FP, "FP"), (Msr.ME, "ME"), (Msr.IR, "IR"), (Msr.DR, "DR"), (Msr.RI, "RI"), (Msr.LE, "LE"),
        ];
        return string.Join(' ', bits.Where(bit => (msr & bit.Bit) != 0).Select(bit => bit.Name));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
