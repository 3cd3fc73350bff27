using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.TestFloat;

/// <summary>One instruction of the emulated CPU, executed again and again on values.</summary>
internal sealed unsafe class ScalarUnit : IDisposable
{
    private const ulong Code = 0x2000;
    private const int Target = 5;
    private readonly PhysicalMemory memory = new();
    private readonly Cpu cpu;
    private readonly Binding binding;
    private readonly int[] registers;
    private readonly int target;

    public ScalarUnit(Binding binding)
    {
        this.binding = binding;
        RamRange ram = memory.AddRam(0, 0x10000, secure: false);
        cpu = new Cpu(memory, 0);
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE | Msr.FP | Msr.VEC | Msr.VSX);
        InstructionRow row = InstructionTable.Instance.Rows.Single(one => one.Declaration.Mnemonic == binding.Mnemonic);
        bool upper = row.Declaration.Operands.Contains("VR", StringComparison.Ordinal);
        uint word = row.Value;
        foreach (string name in row.Declaration.Operands.Split(','))
        {
            OperandField field = OperandField.Of(name, row.Declaration)!;
            int value = name == "BF" ? 1 : name is "R" or "RMC" ? 0 : Number(name[^1]);
            word = field.Insert(word, value);
        }

        *(uint*)(ram.Host + Code) = word;
        registers = [.. binding.Roles.Select(role => Number(role) + (upper ? 32 : 0))];
        target = Target + (upper ? 32 : 0);
    }

    /// <summary>FPSCR after the instruction.</summary>
    public uint Fpscr => (uint)cpu.State->Fpscr;

    /// <summary>Executes the instruction.</summary>
    public void Run(ReadOnlySpan<UInt128> operands, uint rounding)
    {
        CpuState* s = cpu.State;
        for (int k = 0; k < registers.Length; k++)
            Put(s, registers[k], operands[k]);
        s->Fpscr = rounding;
        s->Nia = Code;
        cpu.Execute(1);
        if (s->Nia != Code + 4)
            throw new InvalidOperationException($"{binding}: interrupt to 0x{s->Nia:x}");
    }

    /// <summary>Results; all must be the expected one.</summary>
    public int Results(Span<UInt128> results)
    {
        CpuState* s = cpu.State;
        ulong low = s->Vsr[2 * target];
        ulong high = s->Vsr[(2 * target) + 1];
        switch (binding.To)
        {
            case Place.ConditionField:
                results[0] = (s->Cr[1] & binding.Truth) != 0 ? 1u : 0u;
                return 1;
            case Place.Dword0 or Place.SingleInDword0:
                results[0] = high;
                return 1;
            case Place.Word0:
                results[0] = high >> 32;
                return 1;
            case Place.Word1:
                results[0] = (uint)high;
                return 1;
            case Place.Half3:
                results[0] = (ushort)high;
                return 1;
            case Place.EvenWords:
                (results[0], results[1]) = (high >> 32, low >> 32);
                return 2;
            case Place.Words:
                (results[0], results[1], results[2], results[3]) = (high >> 32, (uint)high, low >> 32, (uint)low);
                return 4;
            case Place.Dwords:
                (results[0], results[1]) = (high, low);
                return 2;
            default:
                results[0] = new UInt128(high, low);
                return 1;
        }
    }

    public void Dispose()
    {
        cpu.Dispose();
        memory.Dispose();
    }

    /// <summary>A single-precision number in double format, as lfs makes it (ISA 3.0B Book I 4.6.2).</summary>
    public static ulong InDoubleFormat(uint single)
    {
        const uint Infinity = 0x7F800000;
        ulong sign = (ulong)(single >> 31) << 63;
        if ((single & Infinity) == Infinity)
            return sign | 0x7FF0000000000000 | ((ulong)(single & 0x7FFFFF) << 29);
        return BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(single));
    }

    private static int Number(char role) => role switch { 'A' => 2, 'B' => 3, 'C' => 4, _ => Target };

    private void Put(CpuState* s, int register, UInt128 value)
    {
        ulong low = (ulong)value;
        (ulong high, ulong second) = binding.From switch
        {
            Place.Quad => ((ulong)(value >> 64), low),
            Place.SingleInDword0 => (InDoubleFormat((uint)low), 0UL),
            Place.Word0 => (low << 32, 0UL),
            Place.EvenWords => (low << 32, low << 32),
            Place.Words => ((low << 32) | low, (low << 32) | low),
            Place.Dwords => (low, low),
            _ => (low, 0UL),
        };
        s->Vsr[2 * register] = second;
        s->Vsr[(2 * register) + 1] = high;
    }
}
