using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Concurrent;

/// <summary>CPUs on host threads of their own, each in real mode, with its number in GPR 3. They end at the instruction that branches to itself.</summary>
internal sealed unsafe class ConcurrentMachine : IDisposable, ISecureMemoryMonitor
{
    public const ulong Code = 0x20000;
    public const ulong Data = 0x40000;
    public const ulong SecureBase = 1UL << 48;

    private const ulong Size = 1 << 20;
    private const int Turn = 10_000;
    private const int Turns = 100_000;

    private readonly PhysicalMemory memory = new();
    private readonly CpuGroup group = new();
    private readonly Cpu[] cpus;

    public ConcurrentMachine(int count)
    {
        memory.AddRam(0, Size, secure: false);
        memory.AddRam(SecureBase, Size, secure: true);
        memory.Monitor = this;
        cpus = [.. Enumerable.Range(0, count).Select(n => new Cpu(memory, (uint)n, group))];
        group.ExecuteConcurrently();
    }

    /// <summary>Refused accesses to secure memory. The list itself is for one thread at a time.</summary>
    public List<SecureViolation> Violations { get; } = [];

    /// <summary>Pages with decoded code.</summary>
    public int CodePages => memory.Code.Count;

    /// <summary>Has all CPUs translate what is hot. Who made the translator disposes of it, before the machine.</summary>
    public Translator Translate(Hotness hotness, IBackEnd backEnd)
    {
        var translator = new Translator(memory, hotness, backEnd);
        foreach (Cpu cpu in cpus)
            cpu.Translator = translator;
        return translator;
    }

    /// <summary>A doubleword of memory.</summary>
    public ref ulong this[ulong real] => ref *(ulong*)memory.Pointer(real, 8);

    /// <summary>Executes the same instructions on all CPUs until all have come to their end. GPR 4 is <see cref="Data"/>, GPR 5 what the caller gives, GPR 12 <see cref="SecureBase"/>.</summary>
    public void Run(ulong gpr5, params uint[] words)
    {
        ulong end = Code + (4 * (ulong)words.Length);
        Put(Code, words);
        Put(end, Assembler.Word("b", 0));
        Thread[] threads = [.. cpus.Select(cpu => new Thread(() => Run(cpu, gpr5, end)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(cpus.Select(cpu => cpu.State->Nia), Is.All.EqualTo(end), "each CPU has come to the end");
    }

    /// <summary>Puts instructions at a real address.</summary>
    public void Put(ulong real, params uint[] words)
    {
        for (int k = 0; k < words.Length; k++)
            *(uint*)memory.Pointer(real + (4 * (ulong)k), 4) = words[k];
        memory.InvalidateCode(real, 4 * (ulong)words.Length);
    }

    public bool Violation(in SecureViolation violation)
    {
        Violations.Add(violation);
        return true;
    }

    public void Dispose()
    {
        foreach (Cpu cpu in cpus)
            cpu.Dispose();
        memory.Dispose();
    }

    private static void Run(Cpu cpu, ulong gpr5, ulong end)
    {
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        cpu.State->Spr[SprNumber.HID] = Hid0.HILE;
        cpu.State->Nia = Code;
        cpu.State->Gpr[3] = cpu.Pir;
        cpu.State->Gpr[4] = Data;
        cpu.State->Gpr[5] = gpr5;
        cpu.State->Gpr[12] = SecureBase;
        for (int n = 0; n < Turns && cpu.State->Nia != end; n++)
            cpu.Execute(Turn);
    }
}
