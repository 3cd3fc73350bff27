using System.Globalization;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>A thread in real mode with a little memory, that runs one vector instruction at a time.</summary>
internal sealed unsafe class VectorMachine : IDisposable
{
    /// <summary>Where tests keep data: one page and the start of the next.</summary>
    public const ulong Data = 0x8000;

    private const int RamSize = 0x10000;
    private const ulong FirstInstruction = 0x1000;
    private readonly PhysicalMemory memory = new();
    private readonly RamRange ram;
    private readonly Cpu cpu;
    private ulong next = FirstInstruction;

    public VectorMachine(bool littleEndian = true)
    {
        ram = memory.AddRam(0, RamSize, secure: false);
        cpu = new Cpu(memory, 0);
        Msr = State.Msr.SF | State.Msr.HV | State.Msr.FP | State.Msr.VEC | State.Msr.VSX | (littleEndian ? State.Msr.LE : 0);
    }

    /// <summary>MSR of the instructions to come.</summary>
    public ulong Msr { get; set; }

    public CpuState* S => cpu.State;

    /// <summary>Address of the next instruction to run: after an interrupt, the vector.</summary>
    public ulong Nia => S->Nia;

    public static UInt128 Hex(string digits) =>
        UInt128.Parse(digits.Replace(" ", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public UInt128 Vr(int n) => Vsr(32 + n);

    public void SetVr(int n, UInt128 value) => SetVsr(32 + n, value);

    public UInt128 Vsr(int n) => new(S->Vsr[(2 * n) + 1], S->Vsr[2 * n]);

    public void SetVsr(int n, UInt128 value)
    {
        S->Vsr[(2 * n) + 1] = (ulong)(value >> 64);
        S->Vsr[2 * n] = (ulong)value;
    }

    /// <summary>Bytes of memory.</summary>
    public Span<byte> Bytes(ulong address, int length) => new(ram.Host + address, length);

    /// <summary>Runs one instruction with its register fields (VSRs by their 6-bit number) and further bits, e.g. an immediate, in place.</summary>
    /// <returns>True unless it caused an interrupt.</returns>
    public bool Run(string mnemonic, int t = 0, int a = 0, int b = 0, int c = 0, uint bits = 0)
    {
        uint word = Encode(mnemonic, t, a, b, c) | bits;
        BitConverter.TryWriteBytes(Bytes(next, 4), DecodeMode.IsLittleEndian(DecodeMode.Of(Msr)) ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        cpu.SetMsr(Msr);
        S->Nia = next;
        cpu.Execute(1);
        next += 4;
        return S->Nia == next;
    }

    /// <summary>VRT of an instruction on VR 1, 2 and 3; it goes to VR 4.</summary>
    public UInt128 Apply(string mnemonic, UInt128 a = default, UInt128 b = default, UInt128 c = default, uint bits = 0)
    {
        SetVr(1, a);
        SetVr(2, b);
        SetVr(3, c);
        if (!Run(mnemonic, 4, 1, 2, 3, bits))
            throw new InvalidOperationException($"{mnemonic} took an interrupt to {Nia:x}, HEIR {S->Spr[SprNumber.HEIR]:x8}");
        return Vr(4);
    }

    public void Dispose()
    {
        cpu.Dispose();
        memory.Dispose();
    }

    private static uint Encode(string mnemonic, int t, int a, int b, int c)
    {
        // A row that comes in two encodings (PS) is meant with the bit off, which bits can set.
        (InstructionRow row, uint record) = InstructionTable.Instance.Rows
            .OrderBy(row => row.Value)
            .SelectMany(row => new[] { (row, 0u), (row, RecordBit(row)) })
            .First(candidate => candidate.row.MnemonicOf(candidate.Item2) == mnemonic);
        uint word = ((uint)(t & 31) << 21) | ((uint)(a & 31) << 16) | ((uint)(b & 31) << 11) | ((uint)(c & 31) << 6);
        uint extensions = row.Declaration.Form switch
        {
            Form.DQ => (uint)(t >> 5) << 3,
            Form.XX1 => (uint)(t >> 5),
            Form.XX2 or Form.XX3 or Form.XX3Rc or Form.XX3Dm => (uint)((t >> 5) | (b >> 5 << 1) | (a >> 5 << 2)),
            Form.XX4 => (uint)((t >> 5) | (b >> 5 << 1) | (a >> 5 << 2) | (c >> 5 << 3)),
            _ => 0,
        };
        return ((word | extensions) & ~row.Mask) | row.Value | (record & ~row.Mask);
    }

    private static uint RecordBit(InstructionRow row) => 1u << (31 - FormFields.RcBit(row.Declaration.Form));
}
