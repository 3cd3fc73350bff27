using Antmicro.Migrant;
using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using Antmicro.Renode.Logging;
using RenodeUvmem.Power9.Debug;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>Hooks on effective addresses; breakpoints of a debugger are hooks, too.</summary>
public sealed partial class Power9
{
    // Hooks are code of the host: a snapshot does not keep them, as with every CPU of Renode.
    [Transient]
    private Dictionary<ulong, List<AddressHook>>? hooks;

    // One stop of the CPU is told once, even if several watchpoints were hit by one instruction.
    [Transient]
    private bool haltTold;

    private DebugContext context = RenodeUvmem.Power9.Debug.DebugContext.Any;

    private Dictionary<ulong, List<AddressHook>> Hooks => hooks ??= [];

    /// <summary>
    /// Whose addresses hooks that are added from now on, watchpoints, the debugger and <see cref="DisassembleBlock"/> mean: "any" (the default: whatever runs), "hypervisor",
    /// or "guest N" with N the LPID. A debugger sets its breakpoints anew each time it lets the CPU run.
    /// </summary>
    /// <exception cref="RecoverableException">The text names no world.</exception>
    public string DebugContext
    {
        get => context.ToString();
        set
        {
            try
            {
                context = RenodeUvmem.Power9.Debug.DebugContext.Parse(value);
            }
            catch (FormatException e)
            {
                throw new RecoverableException(e.Message);
            }
        }
    }

    /// <summary>Calls <paramref name="hook"/> before the instruction at an effective address executes, in the world that <see cref="DebugContext"/> names now.</summary>
    public void AddHook(ulong addr, CpuAddressHook hook) => EditHooks(() =>
    {
        if (!Hooks.TryGetValue(addr, out List<AddressHook>? here))
            Hooks[addr] = here = [];
        here.Add(new AddressHook(hook, context));
        processor?.Cpu.Breakpoints.Add(addr, context);
    });

    /// <inheritdoc/>
    public void RemoveHook(ulong addr, CpuAddressHook hook) => RemoveHooks(addr, hook);

    /// <inheritdoc/>
    public void RemoveHooksAt(ulong addr) => RemoveHooks(addr, null);

    /// <inheritdoc/>
    public void RemoveHooks(CpuAddressHook hook)
    {
        foreach (ulong address in Hooks.Keys.ToArray())
            RemoveHooks(address, hook);
    }

    /// <inheritdoc/>
    public void RemoveAllHooks()
    {
        foreach (ulong address in Hooks.Keys.ToArray())
            RemoveHooks(address, null);
    }

    /// <summary>Not offered; <c>AddHook</c> on a vector's address does the same.</summary>
    public void AddHookAtInterruptBegin(Action<ulong> hook) => throw NotOffered("interrupt hooks", "AddHook with the address of the vector");

    /// <summary>Not offered.</summary>
    public void AddHookAtInterruptEnd(Action<ulong> hook) => throw NotOffered("interrupt hooks", "AddHook with the address that is returned to");

    /// <summary>Not offered.</summary>
    public void AddHookAtWfiStateChange(Action<bool> hook) => throw NotOffered("hooks on power-saving", "AddHook with the address behind the stop instruction");

    /// <summary>Stops at once and tells the debugger why. Called by hooks, on this CPU's thread.</summary>
    public void EnterSingleStepModeSafely(HaltArguments args)
    {
        ExecutionMode = ExecutionMode.SingleStep;
        if (haltTold)
            return;
        haltTold = true;
        InvokeHalted(args);
    }

    // One hook, or all at an address.
    private void RemoveHooks(ulong address, CpuAddressHook? hook) => EditHooks(() =>
    {
        if (!Hooks.TryGetValue(address, out List<AddressHook>? here))
            return;
        foreach (AddressHook one in here.FindAll(one => hook is null || one.Call == hook))
        {
            here.Remove(one);
            if (!here.Exists(other => other.Context == one.Context))
                processor?.Cpu.Breakpoints.Remove(address, one.Context);
        }

        shared?.Probes?.Rearm(address);

        if (here.Count == 0)
            Hooks.Remove(address);
    });

    // Before the core exists nothing runs; then the turn guards.
    private void EditHooks(Action what)
    {
        if (shared is null)
            what();
        else
            Change(_ => what());
    }

    private unsafe void RunHooks()
    {
        ulong address;
        AddressHook[] matching;
        lock (shared!.Turn)
        {
            // The next turn goes on with this instruction.
            Cpu.PassBreakpoint();
            address = Cpu.State->Nia;
            matching = Hooks.TryGetValue(address, out List<AddressHook>? here) ? [.. here.Where(hook => hook.Context.Matches(Cpu.State))] : [];
        }

        foreach (AddressHook hook in matching)
            CallOut("hook", address, () => hook.Call(this, address));
    }

    // Hooks are somebody's script: what fails there must not end the emulation.
    private void CallOut(string what, ulong address, Action call)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            this.Log(LogLevel.Error, "The {0} at 0x{1:X} failed: {2}", what, address, (e.InnerException ?? e).Message);
        }
    }

    /// <summary>Sets what was asked for before the core existed, and what somebody else's breakpoint at the same place took away.</summary>
    internal void ApplyHooks()
    {
        foreach ((ulong address, List<AddressHook> here) in Hooks)
        {
            foreach (AddressHook hook in here)
                processor!.Cpu.Breakpoints.Add(address, hook.Context);
        }

        ApplyWatchpoints();
    }

    private static RecoverableException NotOffered(string what, string instead) =>
        new($"POWER9 does not offer {what}; use {instead}");

    private readonly record struct AddressHook(CpuAddressHook Call, DebugContext Context);
}
