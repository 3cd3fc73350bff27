using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;
using SysbusAccessWidth = Antmicro.Renode.Peripherals.Bus.SysbusAccessWidth;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>Hooks on addresses, and watchpoints of the bus, by effective or by real address.</summary>
public sealed partial class Power9 : IAccessWatcher
{
    // Hooks are code of the host: a snapshot does not keep them, as with every CPU of Renode.
    [Transient]
    private Dictionary<ulong, List<CpuAddressHook>>? hooks;

    [Transient]
    private HashSet<ulong>? watchedPages;

    [Transient]
    private bool watchpointHit;

    private DebugContext context = RenodeUvmem.Power9.Debug.DebugContext.Any;

    private Dictionary<ulong, List<CpuAddressHook>> Hooks => hooks ??= [];

    private HashSet<ulong> WatchedPages => watchedPages ??= [];

    /// <summary>
    /// Which world addresses of hooks, breakpoints and the debugger mean: "any" (the default: whatever runs), "hypervisor", or "guest N" with N the LPID.
    /// </summary>
    /// <exception cref="RecoverableException">The text names no world.</exception>
    public string DebugContext
    {
        get => context.ToString();
        set
        {
            DebugContext chosen;
            try
            {
                chosen = RenodeUvmem.Power9.Debug.DebugContext.Parse(value);
            }
            catch (FormatException e)
            {
                throw new RecoverableException(e.Message);
            }

            Change(core =>
            {
                context = chosen;
                core.Breakpoints.Clear();
                foreach (ulong address in Hooks.Keys)
                    core.Breakpoints.Add(address, context);
            });
        }
    }

    /// <summary>Calls <paramref name="hook"/> before the instruction at an effective address executes in the world of <see cref="DebugContext"/>.</summary>
    public void AddHook(ulong addr, CpuAddressHook hook)
    {
        if (Hooks.TryGetValue(addr, out List<CpuAddressHook>? known))
        {
            known.Add(hook);
            return;
        }

        Hooks[addr] = [hook];
        if (shared is not null)
            Change(core => core.Breakpoints.Add(addr, context));
    }

    /// <inheritdoc/>
    public void RemoveHook(ulong addr, CpuAddressHook hook)
    {
        if (Hooks.TryGetValue(addr, out List<CpuAddressHook>? known) && known.Remove(hook) && known.Count == 0)
            RemoveHooksAt(addr);
    }

    /// <inheritdoc/>
    public void RemoveHooksAt(ulong addr)
    {
        if (Hooks.Remove(addr) && shared is not null)
            Change(core => core.Breakpoints.Remove(addr, context));
    }

    /// <inheritdoc/>
    public void RemoveHooks(CpuAddressHook hook)
    {
        foreach (ulong address in Hooks.Keys.ToArray())
            RemoveHook(address, hook);
    }

    /// <inheritdoc/>
    public void RemoveAllHooks()
    {
        foreach (ulong address in Hooks.Keys.ToArray())
            RemoveHooksAt(address);
    }

    /// <summary>Not offered; <c>AddHook</c> on a vector's address does the same.</summary>
    public void AddHookAtInterruptBegin(Action<ulong> hook) => throw NotOffered("interrupt hooks", "AddHook with the address of the vector");

    /// <summary>Not offered.</summary>
    public void AddHookAtInterruptEnd(Action<ulong> hook) => throw NotOffered("interrupt hooks", "AddHook with the address that is returned to");

    /// <summary>Not offered.</summary>
    public void AddHookAtWfiStateChange(Action<bool> hook) => throw NotOffered("hooks on power-saving", "AddHook with the address behind the stop instruction");

    /// <summary>Called by the bus for an address with a watchpoint: real, or effective as a debugger means it.</summary>
    public void SetPageAccessViaIo(ulong address)
    {
        if (WatchedPages.Add(address & ~0xFFFUL) && shared is not null)
            Change(core => Watch(core, address & ~0xFFFUL));
    }

    /// <inheritdoc/>
    public void ClearPageAccessViaIo(ulong address)
    {
        if (WatchedPages.Remove(address & ~0xFFFUL) && shared is not null)
        {
            Change(core =>
            {
                core.Watch.RemoveEffective(address);
                core.Watch.RemoveReal(address);
            });
        }
    }

    /// <summary>Stops at once and tells the debugger why. Called by hooks, on this CPU's thread.</summary>
    public void EnterSingleStepModeSafely(HaltArguments args)
    {
        ExecutionMode = ExecutionMode.SingleStep;
        InvokeHalted(args);
    }

    void IAccessWatcher.Accessed(PowerCpu cpu, in WatchedAccess access)
    {
        Access kind = access.Kind == AccessKind.Store ? Access.Write : Access.Read;
        Tell(access.Ea, access, kind);
        if (access.Real != access.Ea)
            Tell(access.Real, access, kind);
    }

    private void Tell(ulong address, in WatchedAccess access, Access kind)
    {
        if (!Bus.TryGetWatchpointsAt(address, kind, out List<BusHookHandler> handlers))
            return;
        SysbusAccessWidth width = access.Size switch
        {
            1 => SysbusAccessWidth.Byte,
            2 => SysbusAccessWidth.Word,
            4 => SysbusAccessWidth.DoubleWord,
            _ => SysbusAccessWidth.QuadWord,
        };
        ulong value = access.Value;
        BusHookHandler[] now = [.. handlers];
        watchpointHit = true;
        shared!.Defer(() =>
        {
            foreach (BusHookHandler handler in now)
                handler.Invoke(this, address, width, value);
        });
    }

    private bool TakeWatchpointHit()
    {
        bool hit = watchpointHit;
        watchpointHit = false;
        return hit;
    }

    private void RunHooks()
    {
        ulong address = PC.RawValue;

        // The next turn goes on with this instruction.
        Cpu.PassBreakpoint();
        if (!Hooks.TryGetValue(address, out List<CpuAddressHook>? here))
            return;
        foreach (CpuAddressHook hook in here.ToArray())
            hook(this, address);
    }

    // What was asked for before the core existed.
    private void ApplyHooks()
    {
        PowerCpu core = processor!.Cpu;
        core.Watch.Watcher = this;
        foreach (ulong address in Hooks.Keys)
            core.Breakpoints.Add(address, context);
        foreach (ulong page in WatchedPages)
            Watch(core, page);
    }

    private static void Watch(PowerCpu core, ulong page)
    {
        core.Watch.AddEffective(page);
        core.Watch.AddReal(page);
    }

    private static RecoverableException NotOffered(string what, string instead) =>
        new($"POWER9 does not offer {what}; use {instead}");
}
