using System.Buffers.Binary;
using System.Globalization;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Checking;

/// <summary>What a machine executes, instruction by instruction, disassembled and with names.</summary>
internal static unsafe class ExecutedCode
{
    /// <summary>Instructions that a person still reads.</summary>
    public const int Most = 100;

    /// <summary>Runs a machine from one instruction count to another, and says what came.</summary>
    public static List<string> Lines(Machine machine, MachineSymbols symbols, long begin, long end)
    {
        var lines = new List<string>();
        machine.Run(new RunLimits { Instructions = begin });
        for (long at = machine.Instructions; at < end; at = machine.Instructions)
        {
            var before = machine.All.Select(processor => (Processor: processor, Executed: processor.Cpu.State->Executed, Text: Next(processor, symbols))).ToList();
            RunResult result = machine.Run(new RunLimits { Instructions = at + 1 });
            foreach ((Processor processor, long executed, string text) in before.Where(one => one.Processor.Cpu.State->Executed != one.Executed))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {at,15:N0}  CPU 0x{processor.Cpu.Pir:x}  {text}"));
            if (result.End != RunEnd.InstructionLimit)
                break;
        }

        return lines;
    }

    private static string Next(Processor processor, MachineSymbols symbols)
    {
        Cpu cpu = processor.Cpu;
        ulong address = cpu.State->Nia;
        Span<byte> bytes = stackalloc byte[4];
        string code = "????????";
        if (cpu.ReadDebug(address, bytes))
        {
            uint word = (cpu.State->Msr & Msr.LE) != 0 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
            code = $"{word:x8}  {Disassembler.Text(word, address),-32}";
        }

        return $"{address:x16} {code} {symbols.Describe(address, processor.World, cpu.State->Spr[SprNumber.LPIDR])}".TrimEnd();
    }
}
