using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Platform;

/// <summary>
/// Snapshots of the state beside the contents of memory. A processor may be in the middle of its turn: the round goes on where it was, so that several
/// processors alternate at the same instructions as without a snapshot.
/// </summary>
public sealed unsafe partial class Machine : ISnapshotted
{
    private const string OptionsTag = "options";

    // 2: which interrupt controller; before there was XICS alone.
    private const int OptionsVersion = 2;
    private const string SnapshotTag = "machine";

    /// <summary>What the machine consists of, in words: the fingerprint of its snapshots.</summary>
    public string Fingerprint =>
        $"{ByteSize.Text(Description.Memory.RamSize)} of memory, {ByteSize.Text(Description.Memory.SecureSize)} of secure memory, "
        + $"{processors.Length} {(processors.Length == 1 ? "processor" : "processors")}, {(Description.Ultravisor ? "an ultravisor" : "no ultravisor")}, {Description.Interrupts.ToString().ToUpperInvariant()}";

    /// <summary>Writes what <see cref="Restore"/> builds a machine from, and its state.</summary>
    /// <exception cref="InvalidOperationException">A setting of the ultravisor is code.</exception>
    public void SaveAll(SnapshotWriter writer)
    {
        writer.Begin(OptionsTag, OptionsVersion);
        writer.Write(Description.Memory.RamSize);
        writer.Write(Description.Memory.SecureSize);
        writer.Write(Description.Ultravisor);
        writer.Write(Description.CommandLine);
        writer.Write(Description.Initrd.Address);
        writer.Write(Description.Initrd.Size);
        writer.Write(processors.Length);
        writer.Write((long)Description.Interrupts);
        UltravisorOptions settings = Ultravisor?.Options ?? new UltravisorOptions();
        if (settings.LeftToDone is not null)
            throw new InvalidOperationException($"a machine with {nameof(settings.LeftToDone)} can't be saved");
        writer.Write(settings.Seed);
        writer.Write((long)settings.Policy);
        writer.Write(settings.Overcommit);
        writer.Write(Kernel);
        writer.End();
        Save(writer);
    }

    /// <summary>Builds a machine from what <see cref="SaveAll"/> wrote. Memory is filled before its state is read.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="fillMemory">Fills memory, all zero until then.</param>
    /// <param name="console">The host's end of the console.</param>
    /// <param name="log">Takes remarks.</param>
    /// <param name="change">Changes settings of the ultravisor that count from now on, or null.</param>
    /// <exception cref="SnapshotException">The snapshot does not make sense.</exception>
    /// <exception cref="OptionException">This host can't give the memory.</exception>
    public static Machine Restore(
        SnapshotReader reader,
        Action<Machine> fillMemory,
        IConsole console,
        IMachineLog log,
        Func<UltravisorOptions, UltravisorOptions>? change = null)
    {
        int version = reader.Begin(OptionsTag, OptionsVersion);
        var map = new MemoryMap(reader.ReadUInt64(), reader.ReadUInt64());
        (bool ultravisor, string commandLine) = (reader.ReadBool(), reader.ReadText() ?? "");
        (ulong, ulong) initrd = (reader.ReadUInt64(), reader.ReadUInt64());
        int count = reader.ReadInt32();
        if (count is < 1 or > MachineDescription.MaximumProcessors || (map.SecureSize != 0 && !ultravisor))
            throw reader.Problem($"there is no machine with {count} processors and {ByteSize.Text(map.SecureSize)} of secure memory");
        InterruptModel interrupts = version < OptionsVersion ? InterruptModel.Xics : reader.ReadEnum<InterruptModel>();
        var settings = new UltravisorOptions { Seed = reader.ReadUInt64(), Policy = reader.ReadEnum<ViolationPolicy>(), Overcommit = reader.ReadBool() };
        string kernel = reader.ReadText() ?? "";
        reader.End();
        var description = new MachineDescription(map, MachineDescription.ConsecutiveCores(count), ultravisor, commandLine) { Initrd = initrd, Interrupts = interrupts };
        var machine = new Machine(description, change?.Invoke(settings) ?? settings, console, log) { Kernel = kernel };
        try
        {
            fillMemory(machine);
            machine.Load(reader);
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>Reads what <see cref="SaveAll"/> wrote of a machine with the same options. Memory has the contents of that moment.</summary>
    /// <exception cref="SnapshotException">The snapshot does not make sense.</exception>
    public void LoadAll(SnapshotReader reader)
    {
        reader.Skip(OptionsTag);
        Load(reader);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        Memory.Code.Save(writer);
        foreach (Processor processor in processors)
            processor.Save(writer);
        writer.Write(roundUnderWay);
        writer.Write(turnOf);
        writer.Write(turnLeft);
        writer.Write(turnInterrupts);
        writer.Write(progress);
        writer.Write(Instructions);
        writer.Write(IdleTicks);
        foreach (ISnapshotted part in Parts)
            part.Save(writer);
        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Memory.Code.Load(reader, Memory);
        foreach (Processor processor in processors)
            processor.Load(reader);
        roundUnderWay = reader.ReadBool();
        turnOf = reader.ReadInt32();
        turnLeft = reader.ReadInt64();
        turnInterrupts = reader.ReadInt64();
        progress = reader.ReadBool();
        if ((uint)turnOf > (uint)processors.Length || turnLeft < 0 || turnLeft > WholeTurn)
            throw reader.Problem($"processor {turnOf} can't have {turnLeft} instructions left of its turn");
        Instructions = reader.ReadInt64();
        IdleTicks = reader.ReadUInt64();
        foreach (ISnapshotted part in Parts)
            part.Load(reader);
        reader.End();
        Firmware.Attach();
        end = pause = null;
        atRest.Clear();
    }

    // In the order in which a snapshot has them.
    private IEnumerable<ISnapshotted> Parts
    {
        get
        {
            yield return Interrupts;
            yield return Firmware.Opal;
            yield return Console;
            yield return ConsoleLines;
            yield return Script;
            if (Ultravisor is not null)
                yield return Ultravisor;
        }
    }
}
