using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Range = Antmicro.Renode.Core.Range;

namespace Antmicro.Renode.Peripherals.CPU;

public delegate void CpuAddressHook(ICpuSupportingGdb cpu, ulong address);

public enum MpuAccess
{
    Read = 0,
    Write = 1,
    InstructionFetch = 2,
}

public interface IHaltable
{
}

public interface ICPU : IPeripheral, IHasOwnLife, IHaltable, IIdentifiable
{
    event Action<HaltArguments> Halted;

    ulong Step(int count = 1);
}

public interface IControllableCPU : ICPU
{
    ExecutionResult ExecuteInstructions(ulong toExecute, out ulong executed);

    void RequestReturn();
}

public interface ICPUWithRegisters : ICPU
{
    void SetRegister(int register, RegisterValue value);

    RegisterValue GetRegister(int register);

    IEnumerable<CPURegister> GetRegisters();
}

public interface ICPUWithHooks : ICPU
{
    void AddHookAtInterruptBegin(Action<ulong> hook);

    void AddHookAtInterruptEnd(Action<ulong> hook);

    void AddHookAtWfiStateChange(Action<bool> hook);

    void AddHook(ulong addr, CpuAddressHook hook);

    void RemoveHook(ulong addr, CpuAddressHook hook);

    void RemoveHooksAt(ulong addr);

    void RemoveHooks(CpuAddressHook hook);

    void RemoveAllHooks();
}

public interface ICpuSupportingGdb : ICPUWithHooks, ICPUWithRegisters
{
    string GDBArchitecture { get; }

    List<GDBFeatureDescriptor> GDBFeatures { get; }

    bool DebuggerConnected { get; set; }

    bool ShouldEnterDebugMode { get; set; }

    void EnterSingleStepModeSafely(HaltArguments args);
}

public interface ICPUWithMappedMemory : ICPU
{
    void MapMemory(IMappedSegment segment);

    void RegisterAccessFlags(ulong startAddress, ulong size, bool isIoMemory = false);

    void SetMappedMemoryEnabled(Range range, bool enabled);

    void UnmapMemory(Range range);

    void SetPageAccessViaIo(ulong address);

    void ClearPageAccessViaIo(ulong address);

    void SetBroadcastDirty(bool enable);
}

public interface ICPUWithMMU
{
    uint PageSize { get; }

    ulong TranslateAddress(ulong logicalAddress, MpuAccess accessType);

    bool TryTranslateAddress(ulong logicalAddress, MpuAccess accessType, out ulong physicalAddress);
}
