using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using InterruptVector = RenodeUvmem.Power9.Interrupts.Vector;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Runs cases on the emulated CPU in real mode, at the same addresses as the runner under QEMU.</summary>
internal sealed unsafe class EmulatorRunner : IDisposable
{
    private const int StepLimit = 4 * CaseLayout.BlockWords;

    private readonly PhysicalMemory memory = new();
    private readonly RamRange code;
    private readonly Cpu cpu;

    private readonly GuestOrder order;

    public EmulatorRunner(GuestOrder order = GuestOrder.Little)
    {
        this.order = order;
        memory.AddRam(0, 0x10000, secure: false);
        code = memory.AddRam(CaseLayout.CodeAddress, 0x30000, secure: false);
        cpu = new Cpu(memory, 0);
    }

    /// <summary>State after a case.</summary>
    public Case Run(Case input)
    {
        CpuState* s = cpu.State;
        byte* block = code.Host;
        byte* window = code.Host + (CaseLayout.WindowAddress - CaseLayout.CodeAddress);
        Marshal.Copy((order == GuestOrder.Big ? input.Swapped() : input).Bytes, CaseLayout.Block, (nint)block, CaseLayout.Memory - CaseLayout.Block);
        memory.InvalidateCode(CaseLayout.CodeAddress, CaseLayout.Memory - CaseLayout.Block);
        Marshal.Copy(input.Bytes, CaseLayout.Memory, (nint)window, CaseLayout.WindowSize);

        // Linux gives a process FP, VEC and VSX; qemu-user has both FE bits on.
        cpu.SetMsr((order == GuestOrder.Big ? 0 : Msr.LE) | Msr.SF | Msr.HV | Msr.ME | Msr.FP | Msr.VEC | Msr.VSX | Msr.FE0 | Msr.FE1);
        Load(input, s);
        s->Nia = CaseLayout.CodeAddress;
        ulong end = CaseLayout.CodeAddress + (4 * (ulong)input.WordCount);
        long deliveries = cpu.Deliveries;
        for (int steps = 0; s->Nia != end; steps++)
        {
            if (steps == StepLimit)
                throw new InvalidOperationException($"block that starts with {input.Word(0):x8} does not end; at 0x{s->Nia:x}");
            cpu.Execute(1);
            if (cpu.StopReason is not null)
                throw new InvalidOperationException($"block that starts with {input.Word(0):x8}: {cpu.StopReason}");
            if (cpu.Deliveries != deliveries)
                break;
        }

        Case output = Store(input, s);
        if (cpu.Deliveries != deliveries)
            RecordInterrupt(output, s);
        Marshal.Copy((nint)window, output.Bytes, CaseLayout.Memory, CaseLayout.WindowSize);
        return output;
    }

    public void Dispose()
    {
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
