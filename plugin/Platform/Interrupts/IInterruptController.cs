using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts;

/// <summary>
/// Routes sources and inter-processor interrupts to CPUs by server number (PIR). Modelled on the calls of PAPR's XICS:
/// a CPU accepts the most favoured pending interrupt (lowest priority number) below its current priority and ends it with EOI.
/// </summary>
public interface IInterruptController : ISnapshotted
{
    /// <summary>Declares a server.</summary>
    /// <param name="number">Server number, the PIR of a CPU.</param>
    /// <param name="hypervisor">Sets that CPU's Hypervisor Virtualization input.</param>
    /// <param name="os">Sets its External input, with which a controller interrupts what runs under the hypervisor directly.</param>
    void AddServer(uint number, Action<bool> hypervisor, Action<bool> os);

    /// <summary>Declares a source.</summary>
    void AddSource(uint source);

    /// <summary>An edge on a source. It stays latched until accepted.</summary>
    void Raise(uint source);

    /// <summary>Routes a source; priority 0xFF masks it. False: no such source or server.</summary>
    bool SetRoute(uint source, uint server, byte priority);

    /// <summary>Reads the route of a source. False: no such source.</summary>
    bool TryGetRoute(uint source, out uint server, out byte priority);

    /// <summary>XIRR of a server: CPPR in bits 0:7, the interrupt in 8:31 (0: none). Unless <paramref name="peek"/>, accepts it: its priority becomes the CPPR.</summary>
    uint Accept(uint server, bool peek);

    /// <summary>Sets the current processor priority of a server: only lower numbers interrupt.</summary>
    void SetPriority(uint server, byte cppr);

    /// <summary>Ends an interrupt: CPPR from bits 0:7 of <paramref name="xirr"/>. True: more is pending.</summary>
    bool EndOfInterrupt(uint server, uint xirr);

    /// <summary>Sets the most favoured request register: the priority of the inter-processor interrupt of a server, 0xFF for none. False: no such server.</summary>
    bool SetIpi(uint server, byte mfrr);
}
