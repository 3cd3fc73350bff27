using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts;

/// <summary>
/// Interrupt controller with the semantics of XICS (PAPR 2.9, H_XIRR, H_CPPR, H_EOI, H_IPI). Servers are found by number; each drives one CPU input.
/// All sources are edges: what OPAL signals are changes of its event word, and the word itself is read with OPAL_POLL_EVENTS.
/// </summary>
public sealed class Xics : IInterruptController
{
    /// <summary>Interrupt number of the inter-processor interrupt (PAPR; Linux XICS_IPI).</summary>
    public const uint Ipi = 2;

    /// <summary>Priority that never interrupts.</summary>
    public const byte Masked = 0xFF;

    private const string SnapshotTag = "interrupts";

    private readonly SortedDictionary<uint, Server> servers = [];
    private readonly SortedDictionary<uint, Source> sources = [];

    /// <summary>Declares a server.</summary>
    /// <param name="number">Server number, the PIR of a CPU.</param>
    /// <param name="drive">Sets the interrupt input of that CPU.</param>
    public void AddServer(uint number, Action<bool> drive) => servers.Add(number, new Server(number, drive));

    /// <inheritdoc/>
    public void AddServer(uint number, Action<bool> hypervisor, Action<bool> os) => AddServer(number, hypervisor);

    /// <inheritdoc/>
    public void AddSource(uint source) => sources.Add(source, new Source(source));

    /// <inheritdoc/>
    public void Raise(uint source)
    {
        if (!sources.TryGetValue(source, out Source? found))
            throw new ArgumentException($"interrupt source 0x{source:x} was not declared");
        found.Pending = true;
        Drive();
    }

    /// <inheritdoc/>
    public bool SetRoute(uint source, uint server, byte priority)
    {
        if (!sources.TryGetValue(source, out Source? found) || (priority != Masked && !servers.ContainsKey(server)))
            return false;
        found.Server = server;
        found.Priority = priority;
        Drive();
        return true;
    }

    /// <inheritdoc/>
    public bool TryGetRoute(uint source, out uint server, out byte priority)
    {
        bool known = sources.TryGetValue(source, out Source? found);
        server = found?.Server ?? 0;
        priority = found?.Priority ?? Masked;
        return known;
    }

    /// <inheritdoc/>
    public uint Accept(uint server, bool peek)
    {
        Server icp = servers[server];
        (byte priority, Source? source) = MostFavoured(icp);
        if (priority >= icp.Cppr)
            return (uint)icp.Cppr << 24;
        uint xirr = ((uint)icp.Cppr << 24) | (source?.Number ?? Ipi);
        if (!peek)
        {
            icp.Cppr = priority;
            if (source is not null)
                source.Pending = false;
            Drive();
        }

        return xirr;
    }

    /// <inheritdoc/>
    public void SetPriority(uint server, byte cppr)
    {
        servers[server].Cppr = cppr;
        Drive();
    }

    /// <inheritdoc/>
    public bool EndOfInterrupt(uint server, uint xirr)
    {
        Server icp = servers[server];
        icp.Cppr = (byte)(xirr >> 24);
        Drive();
        return icp.Level;
    }

    /// <inheritdoc/>
    public bool SetIpi(uint server, byte mfrr)
    {
        if (!servers.TryGetValue(server, out Server? icp))
            return false;
        icp.Mfrr = mfrr;
        Drive();
        return true;
    }

    /// <summary>Power-on state: nothing is routed, nothing gets through.</summary>
    public void Reset()
    {
        foreach (Source source in sources.Values)
            (source.Server, source.Priority, source.Pending) = (0, Masked, false);
        foreach (Server server in servers.Values)
            (server.Cppr, server.Mfrr) = (0, Masked);
        Drive();
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write((ulong)servers.Count);
        foreach (Server server in servers.Values)
        {
            writer.Write((ulong)server.Number);
            writer.Write(server.Level);
            writer.Write(server.Cppr);
            writer.Write(server.Mfrr);
        }

        writer.Write((ulong)sources.Count);
        foreach (Source source in sources.Values)
        {
            writer.Write((ulong)source.Number);
            writer.Write(source.Server);
            writer.Write(source.Priority);
            writer.Write(source.Pending);
        }

        writer.End();
    }

    /// <inheritdoc/>
    /// <remarks>No input of a CPU is driven: its level is part of the CPU's state.</remarks>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        reader.Expect("the number of interrupt servers", (uint)servers.Count);
        foreach (Server server in servers.Values)
        {
            reader.Expect("an interrupt server", server.Number);
            server.Level = reader.ReadBool();
            server.Cppr = reader.ReadByte();
            server.Mfrr = reader.ReadByte();
        }

        reader.Expect("the number of interrupt sources", (uint)sources.Count);
        foreach (Source source in sources.Values)
        {
            reader.Expect("an interrupt source", source.Number);
            source.Server = reader.ReadUInt32();
            source.Priority = reader.ReadByte();
            source.Pending = reader.ReadBool();
        }

        reader.End();
    }

    // At equal priority the IPI wins, then the lowest source number: any fixed rule will do, as long as runs repeat.
    private (byte Priority, Source? Source) MostFavoured(Server icp)
    {
        byte best = icp.Mfrr;
        Source? winner = null;
        foreach (Source source in sources.Values)
        {
            if (source.Pending && source.Server == icp.Number && source.Priority < best)
            {
                best = source.Priority;
                winner = source;
            }
        }

        return (best, winner);
    }

    private void Drive()
    {
        foreach (Server icp in servers.Values)
        {
            bool level = MostFavoured(icp).Priority < icp.Cppr;
            if (level == icp.Level)
                continue;
            icp.Level = level;
            icp.Input(level);
        }
    }

    private sealed class Server(uint number, Action<bool> input)
    {
        public uint Number { get; } = number;

        public Action<bool> Input { get; } = input;

        public bool Level { get; set; }

        // Power-on: nothing gets through until software raises the CPPR.
        public byte Cppr { get; set; }

        public byte Mfrr { get; set; } = Masked;
    }

    private sealed class Source(uint number)
    {
        public uint Number { get; } = number;

        public uint Server { get; set; }

        public byte Priority { get; set; } = Masked;

        public bool Pending { get; set; }
    }
}
