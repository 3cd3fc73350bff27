using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>A CPU in real mode at a program of some instructions, with or without a translator. GPR 4 has the address of numbers to read, GPR 6 of room to write.</summary>
internal sealed unsafe class TracedProgram : IDisposable
{
    public const ulong Code = 0x2000;
    public const ulong Data = 0x8000;
    public const int Size = 0x40000;

    /// <summary>Puts a program into memory of its own.</summary>
    /// <param name="program">Its instructions.</param>
    /// <param name="translate">Whether there is a translator.</param>
    /// <param name="hotness">As for <see cref="Tiers.Translator"/>, and so is the next.</param>
    public TracedProgram(uint[] program, bool translate, Hotness? hotness = null, bool portable = false)
    {
        Ram = Memory.AddRam(0, Size, secure: false);
        Cpu = new Cpu(Memory, 0);
        Put(Code, program);
        for (int k = 0; k < 0x200; k++)
            ((uint*)(Ram.Host + (int)Data))[k] = (uint)k * 0x01010101;
        CpuState* s = Cpu.State;
        Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        s->Nia = Code;
        s->Gpr[4] = Data;
        s->Gpr[6] = Data + 0x1000;
        if (translate)
            Cpu.Translator = new Translator(Memory, hotness, portable);
    }

    public PhysicalMemory Memory { get; } = new();

    public RamRange Ram { get; }

    public Cpu Cpu { get; }

    /// <summary>The translator, if there is one.</summary>
    public Translator Translator => Cpu.Translator!;

    /// <summary>Puts instructions at a real address, in which none were executed yet.</summary>
    public void Put(ulong real, params uint[] words)
    {
        for (int k = 0; k < words.Length; k++)
            ((uint*)(Ram.Host + (int)real))[k] = words[k];
    }

    public void Dispose()
    {
        Cpu.Translator?.Dispose();
        Cpu.Dispose();
        Memory.Dispose();
    }
}
