using Antmicro.Renode.Exceptions;
using RenodeUvmem.Platform;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Renode.Machines;

/// <summary>
/// Snapshots: what the core knows goes into one array of bytes that the first CPU keeps; RAM and time are Renode's own. After a load the core is built anew, as at power-on,
/// and takes the bytes.
/// </summary>
internal sealed unsafe partial class PowerMachine
{
    private const string SnapshotTag = "renode";

    /// <summary>The state, null before power-on: there is none but the registers that the CPUs keep.</summary>
    public byte[]? Save()
    {
        lock (Turn)
        {
            if (!powered)
                return null;
            var writer = new SnapshotWriter(Fingerprint());
            writer.Begin(SnapshotTag);
            foreach ((_, Processor processor) in members)
                writer.Write(processor.IsStarted);
            Memory.Code.Save(writer);
            foreach ((_, Processor processor) in members)
                processor.Cpu.Save(writer);
            Firmware?.Save(writer);
            Ultravisor?.Save(writer);
            writer.End();
            return writer.ToArray();
        }
    }

    // Called when all CPUs have joined.
    private void RestoreIfSaved()
    {
        byte[]? saved = members[0].Cpu.TakeSaved();
        if (saved is null)
            return;
        lock (Turn)
        {
            try
            {
                Build(restoring: true);
                var reader = new SnapshotReader(saved, Fingerprint());
                reader.Begin(SnapshotTag);
                foreach ((_, Processor processor) in members)
                {
                    if (reader.ReadBool())
                        processor.Release();
                }

                Memory.Code.Load(reader, Memory);
                foreach ((_, Processor processor) in members)
                    processor.Cpu.Load(reader);
                Firmware?.Load(reader);
                Ultravisor?.Load(reader);
                reader.End();
                powered = true;
                members[0].Cpu.ApplySymbols();
            }
            catch (SnapshotException e)
            {
                throw new RecoverableException($"the snapshot was made by another version of the plugin or is damaged: {e.Message}");
            }
        }
    }

    private string Fingerprint() =>
        $"{members.Count} CPUs, {Memory.Ranges.Where(range => !range.Secure).Sum(range => (long)range.Size)} bytes of RAM, "
        + $"{Memory.Ranges.Where(range => range.Secure).Sum(range => (long)range.Size)} secure, ultravisor {Ultravisor is not null}, firmware {Firmware is not null}";
}
