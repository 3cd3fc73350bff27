using System.Collections.Concurrent;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Peripherals.CPU;
using Antmicro.Renode.Peripherals.Miscellaneous;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Renode.Machines;

/// <summary>
/// What the POWER9 CPUs of one Renode machine share: real memory, broadcasts, and the right to take a turn. The first CPU that is used makes it from what is on the
/// bus; the others join. Split by concern: power, memory.
/// </summary>
internal sealed unsafe partial class PowerMachine : IDisposable
{
    private readonly IMachine machine;
    private readonly CpuGroup group = new();
    private readonly List<(Antmicro.Renode.Peripherals.CPU.Power9 Cpu, Processor Processor)> members = [];
    private readonly ConcurrentQueue<Action> deferred = new();
    private bool disposed;

    private PowerMachine(IMachine machine)
    {
        this.machine = machine;
        Memory = new PhysicalMemory { Bus = new BusWindow(machine.SystemBus, this) };
        Translator = new Translator(Memory);
    }

    /// <summary>Held by the CPU whose turn it is, and by whoever looks at or changes state between turns.</summary>
    public object Turn { get; } = new();

    /// <summary>Real address space.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Translates hot code of the CPUs that want it.</summary>
    public Translator Translator { get; }

    /// <summary>Names of addresses, the hypervisor's and guests' apart.</summary>
    public MachineSymbols Symbols { get; } = new();

    /// <summary>CPUs with what firmware knows of them, in order of PIR.</summary>
    public IReadOnlyList<(Antmicro.Renode.Peripherals.CPU.Power9 Cpu, Processor Processor)> Members => members;

    /// <summary>The CPU whose turn it is.</summary>
    public Antmicro.Renode.Peripherals.CPU.Power9? Current { get; private set; }

    /// <summary>Finds the shared part of a machine, or makes it, and lets a CPU join.</summary>
    public static PowerMachine Of(IMachine machine, Antmicro.Renode.Peripherals.CPU.Power9 cpu)
    {
        lock (machine)
        {
            Antmicro.Renode.Peripherals.CPU.Power9[] all =
                [.. machine.SystemBus.GetCPUs().OfType<Antmicro.Renode.Peripherals.CPU.Power9>().Append(cpu).Distinct().OrderBy(member => member.MultiprocessingId)];
            PowerMachine shared = Array.Find(all, member => member.SharedIfMade is not null)?.SharedIfMade ?? new PowerMachine(machine);
            foreach (Antmicro.Renode.Peripherals.CPU.Power9 member in all)
            {
                if (member.SharedIfMade is null)
                    shared.Add(member);
            }

            shared.RestoreIfSaved();
            return shared;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        lock (Turn)
        {
            Translator.Dispose();
            Ultravisor?.Dispose();
            foreach ((_, Processor processor) in members)
                processor.Cpu.Dispose();
            Memory.Dispose();
        }
    }

    /// <summary>Looks at or changes state between two turns, from any thread.</summary>
    public T Between<T>(Func<T> what)
    {
        if (Current is { OnPossessedThread: false } running)
            running.RequestReturn();
        lock (Turn)
            return what();
    }

    /// <summary>Whether something waits for the end of the turn.</summary>
    public bool HasDeferred => !deferred.IsEmpty;

    /// <summary>
    /// Does something right after the current instruction, on the CPU's thread, when the turn is over: what may pause the machine or call code of others must not run inside.
    /// </summary>
    public void Defer(Action what)
    {
        deferred.Enqueue(what);
        Current?.Cpu.RequestReturn();
    }

    /// <summary>Does what was deferred.</summary>
    public void RunDeferred()
    {
        while (deferred.TryDequeue(out Action? what))
            what();
    }

    /// <summary>A CPU is about to execute.</summary>
    public void BeginTurn(Antmicro.Renode.Peripherals.CPU.Power9 cpu)
    {
        Current = cpu;
        Firmware?.Poll();
    }

    private void Add(Antmicro.Renode.Peripherals.CPU.Power9 cpu)
    {
        foreach ((Antmicro.Renode.Peripherals.CPU.Power9 other, _) in members)
        {
            if (other.MultiprocessingId == cpu.MultiprocessingId)
                throw new RecoverableException($"two CPUs have cpuId {cpu.MultiprocessingId}; give each its own (its PIR), thread 0 of core n being 4 * n");
        }

        foreach (IMappedSegment segment in cpu.Segments)
            AddRam(segment);
        var processor = new Processor(new Cpu(Memory, cpu.MultiprocessingId, group));
        members.Add((cpu, processor));
        cpu.Join(this, processor);
    }
}
