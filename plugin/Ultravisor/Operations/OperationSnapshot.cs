using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>Operations under way in a snapshot: what kind, then what that class writes.</summary>
internal static class OperationSnapshot
{
    private const string SnapshotTag = "operation";

    public static void Save(Operation operation, UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write((long)operation.Kind);
        operation.Save(uv, writer);
        writer.End();
    }

    public static Operation Load(UltravisorModel uv, SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Operation operation = reader.ReadEnum<OperationKind>() switch
        {
            OperationKind.EnterSecureMode => EnterSecureMode.Load(reader),
            OperationKind.Share => Share.Load(reader),
            OperationKind.Unshare => Unshare.Load(reader),
            OperationKind.MakeResident => MakeResident.Load(reader),
            OperationKind.RtasExchange => RtasExchange.Load(reader),
            OperationKind.MmioAccess => MmioAccess.Load(reader),
            OperationKind.RuleCall => RuleCall.Load(uv, reader),
            _ => Halt.Load(reader),
        };
        reader.End();
        return operation;
    }

    /// <summary>Writes frame addresses.</summary>
    public static void Write(SnapshotWriter writer, IReadOnlyCollection<ulong> addresses)
    {
        writer.Write(addresses.Count);
        foreach (ulong address in addresses)
            writer.Write(address);
    }

    /// <summary>Reads frame addresses.</summary>
    public static ulong[] ReadAddresses(SnapshotReader reader)
    {
        var addresses = new ulong[reader.ReadCount(int.MaxValue, sizeof(ulong))];
        reader.ReadAll(addresses);
        return addresses;
    }
}
