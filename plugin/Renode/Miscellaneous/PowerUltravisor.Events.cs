using Antmicro.Renode.Logging;
using RenodeUvmem.Ultravisor.Events;

namespace Antmicro.Renode.Peripherals.Miscellaneous;

/// <summary>The log of calls: entries of this peripheral, level Info, one a call.</summary>
public sealed partial class PowerUltravisor
{
    /// <summary>Whether each ultracall, reverse hypercall and change of a page is logged. Off by default; cheap while off.</summary>
    public bool UcallLog { get; set; }

    /// <summary>Whether state changes of single pages are in that log; a guest that goes secure has thousands.</summary>
    public bool LogPageStates { get; set; }

    private sealed class LogEvents(PowerUltravisor owner) : IUltravisorEvents
    {
        public void Record(in UvEvent happened)
        {
            if (owner.UcallLog && (owner.LogPageStates || happened.Kind != UvEventKind.PageState))
                owner.Log(LogLevel.Info, "{0}", EventText.Format(happened));
        }
    }
}
