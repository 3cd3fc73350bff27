using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;
using InterruptVector = RenodeUvmem.Power9.Interrupts.Vector;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Runs cases on the emulated CPU in real mode, at the same addresses as the runner under QEMU; instruction by instruction, or then once more as a trace.</summary>
internal sealed unsafe class EmulatorRunner : IDisposable
{
    private const int StepLimit = 4 * CaseLayout.BlockWords;
    private const int CasesOfTranslator = 2_000;
    private const uint Stay = 0x48000000; // b .

    private readonly PhysicalMemory memory = new();
    private readonly RamRange code;
    private readonly Cpu cpu;

    private readonly GuestOrder order;
    private readonly CaseTier tier;
    private readonly List<ulong> executed = [];
    private Translator? translator;
    private int cases;

    public EmulatorRunner(GuestOrder order = GuestOrder.Little, CaseTier tier = CaseTier.Interpreter)
    {
        this.order = order;
        this.tier = tier;

        // Interrupts are big-endian here. Who takes one stays at its vector.
        RamRange vectors = memory.AddRam(0, 0x10000, secure: false);
        for (int address = 0; address < 0x10000; address += 4)
            BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(vectors.Host + address, 4), Stay);
        code = memory.AddRam(CaseLayout.CodeAddress, 0x30000, secure: false);
        cpu = new Cpu(memory, 0);
    }

    /// <summary>Instructions executed in traces; known after <see cref="Dispose"/>.</summary>
    public long InTraces { get; private set; }

    /// <summary>Why a trace could not be compiled, or null; known after <see cref="Dispose"/>.</summary>
    public string? Failure { get; private set; }

    /// <summary>State after a case.</summary>
    public Case Run(Case input)
    {
        byte* block = code.Host;
        Marshal.Copy((order == GuestOrder.Big ? input.Swapped() : input).Bytes, CaseLayout.Block, (nint)block, CaseLayout.Memory - CaseLayout.Block);
        var end = new Span<byte>(block + (4 * input.WordCount), 4);
        if (order == GuestOrder.Big)
            BinaryPrimitives.WriteUInt32BigEndian(end, Stay);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(end, Stay);
        memory.InvalidateCode(CaseLayout.CodeAddress, CaseLayout.Memory - CaseLayout.Block);
        Begin(input);
        long deliveries = cpu.Deliveries;
        Step(input);
        if (tier != CaseTier.Interpreter)
        {
            // Nothing is executed at the end, or at a vector: that many instructions lead there again.
            long count = executed.Count + (cpu.Deliveries == deliveries ? 1 : 0);
            AddTrace(cpu.Deliveries == deliveries ? cpu.State->Nia : null);
            Begin(input);
            deliveries = cpu.Deliveries;
            cpu.Translator = translator;
            cpu.Execute(count);
            cpu.Translator = null;
        }

        CpuState* s = cpu.State;
        Case output = Store(input, s);
        if (cpu.Deliveries != deliveries)
            RecordInterrupt(output, s);
        Marshal.Copy((nint)Window, output.Bytes, CaseLayout.Memory, CaseLayout.WindowSize);
        return output;
    }

    private byte* Window => code.Host + (CaseLayout.WindowAddress - CaseLayout.CodeAddress);

    private void Begin(Case input)
    {
        Marshal.Copy(input.Bytes, CaseLayout.Memory, (nint)Window, CaseLayout.WindowSize);

        // Linux gives a process FP, VEC and VSX; qemu-user has both FE bits on.
        cpu.SetMsr((order == GuestOrder.Big ? 0 : Msr.LE) | Msr.SF | Msr.HV | Msr.ME | Msr.FP | Msr.VEC | Msr.VSX | Msr.FE0 | Msr.FE1);
        Load(input, cpu.State);
        cpu.State->Nia = CaseLayout.CodeAddress;
    }

    private void Step(Case input)
    {
        CpuState* s = cpu.State;
        ulong end = CaseLayout.CodeAddress + (4 * (ulong)input.WordCount);
        long deliveries = cpu.Deliveries;
        executed.Clear();
        while (s->Nia != end)
        {
            if (executed.Count == StepLimit)
                throw new InvalidOperationException($"block that starts with {input.Word(0):x8} does not end; at 0x{s->Nia:x}");
            executed.Add(s->Nia);
            cpu.Execute(1);
            if (cpu.StopReason is not null)
                throw new InvalidOperationException($"block that starts with {input.Word(0):x8}: {cpu.StopReason}");
            if (cpu.Deliveries != deliveries)
                break;
        }
    }

    // Of what was executed until it comes back somewhere, and the branch at the end.
    private void AddTrace(ulong? end)
    {
        if (cases++ % CasesOfTranslator == 0)
        {
            DropTranslator();
            translator = new Translator(memory, new Hotness(int.MaxValue, int.MaxValue), tier == CaseTier.PortableTranslator) { Tally = new TraceTally() };
        }

        var slots = new List<RecordedSlot>();
        CodePage* page = CodeCache.Find(code, CaseLayout.CodeAddress, order == GuestOrder.Big ? 1 : 0);
        IEnumerable<ulong> path = end is null ? executed : executed.Append(end.Value);
        foreach (ulong address in path)
        {
            Insn* slot = page->Slots + ((address - CaseLayout.CodeAddress) / 4);
            if (slots.Exists(one => one.Slot == (long)slot))
                break;
            memory.Code.Decode(page, slot);
            if (InstructionRow.MethodOf((nint)slot->Fn) is not { } handler)
                throw new InvalidOperationException($"no handler at 0x{address:x}");
            slots.Add(new RecordedSlot(*slot, (long)slot, (long)page->Slots, handler));
        }

        translator!.Add(slots, slots.Count < executed.Count && executed[slots.Count] == executed[0]);
        translator.WaitUntilIdle();
    }

    private void DropTranslator()
    {
        InTraces += translator?.Tally!.Instructions ?? 0;
        Failure ??= translator?.LastFailure;
        translator?.Dispose();
        translator = null;
    }

    public void Dispose()
    {
        DropTranslator();
        cpu.Dispose();
        memory.Dispose();
    }

    private static void Load(Case input, CpuState* s)
    {
        for (int r = 0; r < 32; r++)
            s->Gpr[r] = input.Gpr(r);
        for (int k = 0; k < 128; k++)
            s->Vsr[k] = input[CaseLayout.Vsr + (8 * k)];
        s->CrWord = (uint)input[CaseLayout.Cr];
        s->Xer = input[CaseLayout.Xer];
        s->Spr[SprNumber.LR] = input[CaseLayout.Lr];
        s->Spr[SprNumber.CTR] = input[CaseLayout.Ctr];
        s->Spr[SprNumber.VRSAVE] = input[CaseLayout.Vrsave];
        s->Fpscr = input[CaseLayout.Fpscr];
        s->Vscr = (uint)input[CaseLayout.Vscr];
        s->ReserveValid = 0;
    }

    private static Case Store(Case input, CpuState* s)
    {
        var output = new Case((byte[])input.Bytes.Clone());
        for (int r = 0; r < 32; r++)
            output.SetGpr(r, s->Gpr[r]);
        for (int k = 0; k < 128; k++)
            output[CaseLayout.Vsr + (8 * k)] = s->Vsr[k];
        output[CaseLayout.Cr] = s->CrWord;
        output[CaseLayout.Xer] = s->Xer;
        output[CaseLayout.Lr] = s->Spr[SprNumber.LR];
        output[CaseLayout.Ctr] = s->Spr[SprNumber.CTR];
        output[CaseLayout.Vrsave] = s->Spr[SprNumber.VRSAVE];
        output[CaseLayout.Fpscr] = s->Fpscr;
        output[CaseLayout.Vscr] = s->Vscr;
        return output;
    }

    // What Linux makes of the interrupt (arch/powerpc/kernel/traps.c).
    private static void RecordInterrupt(Case output, CpuState* s)
    {
        const int SigIll = 4;
        const int SigTrap = 5;
        const int SigBus = 7;
        const int SigFpe = 8;
        const int SigSegv = 11;
        var vector = (InterruptVector)s->Nia;
        ulong cause = s->Spr[SprNumber.SRR1];
        output[CaseLayout.Nip] = s->Spr[vector == InterruptVector.HypervisorEmulationAssistance ? SprNumber.HSRR0 : SprNumber.SRR0];
        output[CaseLayout.Signal] = vector switch
        {
            InterruptVector.Program when (cause & (ulong)ProgramCause.Trap) != 0 => SigTrap,
            InterruptVector.Program when (cause & (ulong)ProgramCause.FloatingPointEnabled) != 0 => SigFpe,
            InterruptVector.Program or InterruptVector.HypervisorEmulationAssistance => SigIll,
            InterruptVector.Alignment => SigBus,
            InterruptVector.DataStorage or InterruptVector.MachineCheck => SigSegv,
            _ => throw new InvalidOperationException($"interrupt {vector} in block that starts with {output.Word(0):x8}"),
        };
    }
}
