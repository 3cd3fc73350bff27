using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Snapshots.</summary>
internal sealed partial class UvContext
{
    private const string SnapshotTag = "guest CPU";

    public void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(Svm.Lpid);
        writer.Write(Index);
        Registers.Save(writer);
        writer.Write(Cookie);
        writer.Write((ulong?)Reflected);
        writer.Write((ulong?)Reverse);
        writer.Write(Injected);
        writer.Write((ulong?)PendingCall);
        CallArguments arguments = PendingArguments;
        writer.WriteAll(arguments);
        PendingSite.Save(writer);
        writer.Write(PendingHypercall);
        writer.Write(Operations.Count);
        foreach (Operation operation in Operations.Reverse())
            OperationSnapshot.Save(operation, uv, writer);
        writer.End();
    }

    public static UvContext Load(UltravisorModel uv, SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        var context = new UvContext(uv.FindSvm(reader), reader.ReadInt32());
        context.Registers.Load(reader);
        context.Cookie = reader.ReadUInt64();
        context.Reflected = (HCall?)reader.ReadOptional();
        context.Reverse = (HCall?)reader.ReadOptional();
        context.Injected = reader.ReadBool();
        context.PendingCall = (UltraCall?)reader.ReadOptional();
        CallArguments arguments = default;
        reader.ReadAll(arguments);
        context.PendingArguments = arguments;
        context.PendingSite = CallSite.Load(reader);
        context.PendingHypercall = reader.ReadBool();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            context.Operations.Push(OperationSnapshot.Load(uv, reader));
        reader.End();
        return context;
    }
}
