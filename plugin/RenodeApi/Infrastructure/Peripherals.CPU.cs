using System;
using Antmicro.Renode.Core;
using Antmicro.Renode.Peripherals.Bus;
using Antmicro.Renode.Time;
using ELFSharp.ELF;

namespace Antmicro.Renode.Peripherals.CPU;

public enum CpuBitness
{
    Bits32 = 32,
    Bits64 = 64,
}

public enum ExecutionMode
{
    Continuous = 0,
    SingleStep = 1,
}

public enum ExecutionResult : ulong
{
    Ok = 0,
    Interrupted = 1,
    WaitingForInterrupt = 2,
    StoppedAtBreakpoint = 3,
    StoppedAtWatchpoint = 4,
    ExternalMmuFault = 5,
    Aborted = ulong.MaxValue,
}

public abstract class CPUCore : IIdentifiable, IEmulationElement
{
    private protected CPUCore() => throw null;

    public uint MultiprocessingId => throw null;

    public virtual void Start() => throw null;

    public void Resume() => throw null;

    protected virtual void OnResume() => throw null;
}

// Makes a member virtual, as it is in Renode: there a class of the same assembly implements ICpuSupportingGdb with it.
internal interface IDebugged
{
    bool DebuggerConnected { get; set; }
}

// Provides what ICPU asks for. Overrides are declared where a base call of the adapter would pass by without them.
public abstract class BaseCPU : CPUCore, ICPU, IDisposable, IDebugged
{
    protected readonly IMachine machine;

    protected readonly Sleeper sleeper;

    protected readonly Synchronizer singleStepSynchronizer;

    public event Action<HaltArguments> Halted
    {
        add => throw null;
        remove => throw null;
    }

    protected BaseCPU(uint id, string cpuType, IMachine machine, Endianess endianness, CpuBitness bitness = CpuBitness.Bits32) => throw null;

    public abstract string Architecture { get; }

    public abstract RegisterValue PC { get; set; }

    public abstract ulong ExecutedInstructions { get; }

    public virtual ExecutionMode ExecutionMode { get => throw null; set => throw null; }

    public IBusController Bus => throw null;

    public bool OnPossessedThread => throw null;

    public bool IsPaused => throw null;

    public uint PerformanceInMips { get => throw null; set => throw null; }

    public TimeHandle TimeHandle { get => throw null; set => throw null; }

    public bool DebuggerConnected { get => throw null; set => throw null; }

    public virtual bool ShouldEnterDebugMode { get => throw null; set => throw null; }

    public ulong Step(int count = 1) => throw null;

    public abstract ExecutionResult ExecuteInstructions(ulong numberOfInstructionsToExecute, out ulong numberOfExecutedInstructions);

    public virtual void InitFromElf(IELF elf) => throw null;

    public virtual void Reset() => throw null;

    public virtual void Dispose() => throw null;

    public virtual void SyncTime() => throw null;

    protected virtual bool ExecutionFinished(ExecutionResult result) => throw null;

    protected virtual void RequestPause() => throw null;

    protected override void OnResume() => throw null;

    protected bool IsSingleStepMode => throw null;

    protected void InvokeHalted(HaltArguments arguments) => throw null;

    protected void ReportProgress(ulong instructions) => throw null;
}

public class Synchronizer
{
    private Synchronizer() => throw null;

    public void StepInterrupted() => throw null;
}

public enum HaltReason
{
    Breakpoint = 0,
    Abort = 1,
    Step = 2,
    Pause = 3,
}

public enum BreakpointType
{
    MemoryBreakpoint = 0,
    HardwareBreakpoint = 1,
    WriteWatchpoint = 2,
    ReadWatchpoint = 3,
    AccessWatchpoint = 4,
}

public class HaltArguments
{
    public HaltArguments(HaltReason reason, ICPU cpu, ulong? address = null, BreakpointType? breakpointType = null) => throw null;

    public HaltReason Reason { get; }

    public BreakpointType? BreakpointType { get; }
}

public struct RegisterValue
{
    public ulong RawValue { get; }

    public byte[] ByteArrayValue { get; }

    public static implicit operator RegisterValue(long v) => throw null;

    public static implicit operator RegisterValue(ulong v) => throw null;

    public static implicit operator RegisterValue(uint v) => throw null;

    public static implicit operator RegisterValue(ushort v) => throw null;

    public static implicit operator RegisterValue(byte v) => throw null;

    public static implicit operator RegisterValue(byte[] v) => throw null;

    public static implicit operator ulong(RegisterValue v) => throw null;

    public static implicit operator uint(RegisterValue v) => throw null;

    public static implicit operator ushort(RegisterValue v) => throw null;

    public static implicit operator byte(RegisterValue v) => throw null;

    public static RegisterValue Create(ulong rawValue, uint bits) => throw null;
}

public struct CPURegister
{
    public CPURegister(int index, int width, bool isGeneral, bool isReadonly, string[] aliases = null) => throw null;
}
