namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Numbers and real addresses of the controller, where POWER9's firmware puts them (skiboot hw/phys-map.c, hw/xive.c).</summary>
public static class XiveMap
{
    /// <summary>Thread management area: one page for each level of rights.</summary>
    public const ulong Tima = 0x0006_0302_0318_0000;

    /// <summary>Pages of the sources' event state buffers; virtualization controller's window, first part.</summary>
    public const ulong SourcePages = 0x0006_0100_0000_0000;

    /// <summary>Pages of the event queues' state buffers; same window, behind 48 of its 64 sets of 8 GiB.</summary>
    public const ulong EventQueuePages = SourcePages + 48 * (8UL << 30);

    /// <summary>log2 of a page's size.</summary>
    public const int PageShift = 16;

    /// <summary>Bytes of a page.</summary>
    public const ulong PageSize = 1UL << PageShift;

    /// <summary>log2 of the size of a pair of pages: trigger and management of a source, ESn and ESe of an event queue.</summary>
    public const int PairShift = PageShift + 1;

    /// <summary>Interrupt numbers below belong to nobody (ISA devices to Linux).</summary>
    public const uint FirstSource = 0x10;

    /// <summary>First number that OPAL_XIVE_ALLOCATE_IRQ gives; those below are of devices.</summary>
    public const uint FirstAllocated = 0x40;

    /// <summary>Number of sources. The chip has a million; each guest uses a few dozen.</summary>
    public const uint Sources = 1 << 16;

    /// <summary>Set in the number of an event queue's escalation interrupt; below are the numbers of chip and event queue.</summary>
    public const uint EscalationBit = 1 << 24;

    /// <summary>Priorities, and event queues of a virtual processor.</summary>
    public const int Priorities = 8;

    /// <summary>log2 of <see cref="Priorities"/>.</summary>
    public const int PriorityShift = 3;

    /// <summary>The event queue in which single escalation gathers.</summary>
    public const byte GatherPriority = 7;

    /// <summary>log2 of the number of virtual processors.</summary>
    public const int VirtualProcessorOrder = 17;

    /// <summary>Number of virtual processors.</summary>
    public const uint VirtualProcessors = 1U << VirtualProcessorOrder;

    /// <summary>Number of event queues.</summary>
    public const uint EventQueues = VirtualProcessors << PriorityShift;

    /// <summary>Virtual processors of threads begin here, by the low bits of the PIR, and are as many.</summary>
    public const uint ThreadBase = 0x80;

    /// <summary>Only chip.</summary>
    public const uint Chip = 0;

    /// <summary>The virtual processor that is a thread.</summary>
    public static uint OfThread(uint pir) => ThreadBase | (pir & (ThreadBase - 1));
}
