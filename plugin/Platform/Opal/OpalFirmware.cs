using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Opal;

/// <summary>
/// OPAL: a trap instruction at the entry address brings each call here. The caller put the token into GPR 0 and arguments into GPR 3 on,
/// entered in big-endian hypervisor real mode with hrfid, and expects to go on at LR in the same mode (Linux arch/powerpc/platforms/powernv/opal-wrappers.S).
/// </summary>
public sealed unsafe class OpalFirmware : IFirmware, ISnapshotted
{
    private const string SnapshotTag = "opal";
    private const int TokenGpr = 0;
    private const int ResultGpr = 3;
    private const int MostReported = 100;

    private readonly OpalTable table = new();
    private readonly OpalMemory memory;
    private readonly IMachineLog log;
    private readonly HashSet<OpalToken> reported = [];
    private readonly ISnapshotted[] snapshotted;

    /// <summary>Firmware with these groups of calls.</summary>
    public OpalFirmware(PhysicalMemory memory, IMachineLog log, params IOpalCalls[] groups)
    {
        this.memory = new OpalMemory(memory);
        this.log = log;
        snapshotted = [.. groups.OfType<ISnapshotted>()];
        table.Add(OpalToken.CHECK_TOKEN, CheckToken);
        foreach (IOpalCalls group in groups)
            group.AddTo(table);
    }

    /// <summary>Calls made so far.</summary>
    public long Calls { get; private set; }

    /// <inheritdoc/>
    public void Call(Cpu cpu)
    {
        CpuState* s = cpu.State;
        var token = (OpalToken)s->Gpr[TokenGpr];
        Calls++;
        ulong returnAddress = s->Spr[SprNumber.LR];
        s->Nia = returnAddress & ~3UL;
        s->Gpr[ResultGpr] = (ulong)Dispatch(token, new OpalCall(cpu, memory), returnAddress);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(Calls);
        writer.Write(reported.Count);
        foreach (OpalToken token in reported.Order())
            writer.Write((ulong)token);
        foreach (ISnapshotted group in snapshotted)
            group.Save(writer);
        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        Calls = reader.ReadInt64();
        reported.Clear();
        for (int left = reader.ReadCount(MostReported, sizeof(ulong)); left > 0; left--)
            reported.Add((OpalToken)reader.ReadUInt64());
        foreach (ISnapshotted group in snapshotted)
            group.Load(reader);
        reader.End();
    }

    private OpalReturn Dispatch(OpalToken token, OpalCall call, ulong returnAddress)
    {
        if (table.TryGet(token, out OpalHandler? handler))
            return handler(call);

        // Once for each token, and not without end: a guest that polls absent calls must not flood the log, nor the host's memory.
        if (reported.Count < MostReported && reported.Add(token))
            log.Warn($"OPAL_{token} is not supported, call from 0x{returnAddress:x} answered with OPAL_UNSUPPORTED");
        return OpalReturn.UNSUPPORTED;
    }

    // Answers 1 for a present call, 0 for an absent one (skiboot's OPAL_TOKEN_PRESENT, OPAL_TOKEN_ABSENT).
    private OpalReturn CheckToken(OpalCall call) => (OpalReturn)(table.Has((OpalToken)call[0]) ? 1 : 0);
}
