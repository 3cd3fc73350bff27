using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>Executes what a window of the peer's log says and compares after each instruction.</summary>
internal sealed class Follower(Replica replica, WindowResult result)
{
    // A log that went astray is of no use.
    private const int MaxUnexplained = 200;

    private readonly List<string> interrupts = [];

    // Differences that were explained and could not be taken over: the register has no such bits here.
    private readonly Dictionary<int, (ulong Own, ulong Peer)> standing = [];

    /// <summary>Follows a log to its end.</summary>
    /// <param name="log">The log; its first state is that of the replica.</param>
    /// <param name="instructions">How many of them.</param>
    /// <param name="quarter">Called once when a quarter was executed.</param>
    /// <param name="enough">Called once when all were, to have the log ended.</param>
    /// <param name="final">Registers of the peer after the log's end.</param>
    public void Follow(ExecutionLog log, long instructions, Action quarter, Action enough, Func<RegisterSet> final)
    {
        bool asked = false;
        bool first = true;
        bool executed = false;
        while (true)
        {
            LogItem item = log.Next();
            switch (item)
            {
                case LogItem.Interrupt:
                    interrupts.Add(log.Interrupt);
                    continue;
                case LogItem.NotExecuted:
                    executed = false;
                    continue;
            }

            // The stub does not know CFAR.
            if (first)
                replica.Set(Field.CFAR, log.State[Field.CFAR]);
            Advance(executed);
            Compare(item == LogItem.End ? final() : log.State, first ? "at the beginning" : item == LogItem.End ? "at the end" : "");
            first = false;
            executed = true;
            if (item == LogItem.End)
                return;
            if (result[DivergenceClass.Unexplained] > MaxUnexplained)
            {
                result.Descriptions.Add("too many of them: the rest of the window was not compared");
                if (!asked)
                    enough();
                while (log.Next() != LogItem.End)
                {
                }

                return;
            }

            if (result.Instructions == instructions / 4 && executed)
                quarter();
            if (!asked && result.Instructions >= instructions)
            {
                asked = true;
                enough();
            }
        }
    }

    // The instruction, if it was executed, and the interrupts that came after it or by it.
    private void Advance(bool executed)
    {
        if (executed)
        {
            ulong msr = replica.Msr;
            result.States[(msr & Msr.PR) != 0 ? 0 : (msr & Msr.HV) != 0 ? 1 : 2]++;
            replica.Step();
            result.Instructions++;
            if (Deviations.Unseen(replica) is { } reason)
            {
                result.Count(reason.Class, reason.Text);
                reason.After?.Invoke(replica);
            }
        }
        else
        {
            replica.Begin();
        }

        result.Synchronous += replica.Interrupts;
        foreach (string interrupt in interrupts.Skip((int)replica.Interrupts))
        {
            switch (interrupt)
            {
                case "DECR":
                    result.Count(DivergenceClass.DEC);
                    break;
                case "HDECR":
                    result.Count(DivergenceClass.HDEC);
                    break;
                case "HVIRT" or "EXTERNAL":
                    result.Count(DivergenceClass.External);
                    break;
                default:
                    result.Synchronous++;
                    break;
            }

            replica.Take(interrupt);
        }
    }

    private void Compare(RegisterSet peer, string where)
    {
        RegisterSet own = replica.Registers();
        if (!own.Values.AsSpan().SequenceEqual(peer.Values))
            Explain(own, peer, where);
        interrupts.Clear();
    }

    private void Explain(RegisterSet own, RegisterSet peer, string where)
    {
        List<int> fields = [.. Enumerable.Range(0, Field.Count).Where(field => own[field] != peer[field] && standing.GetValueOrDefault(field) != (own[field], peer[field]))];
        if (fields.Count == 0)
            return;
        List<Deviation?> reasons = [.. fields.Select(field => Deviations.Of(replica, field, own[field], peer[field])).Distinct()];
        if (reasons.Contains(null))
            result.Unexplained(Describe(fields, own, peer, where));
        else
            reasons.ForEach(reason => result.Count(reason!.Class, reason.Text));

        foreach (int field in fields)
            replica.Set(field, peer[field]);
        reasons.ForEach(reason => reason?.After?.Invoke(replica));
        RegisterSet now = replica.Registers();
        foreach (int field in fields.Where(field => now[field] != peer[field]))
            standing[field] = (now[field], peer[field]);
    }

    private string Describe(List<int> fields, RegisterSet own, RegisterSet peer, string where)
    {
        string values = string.Join(", ", fields.Select(field => FormattableString.Invariant($"{Field.Name(field)} is 0x{own[field]:x}, in QEMU 0x{peer[field]:x}")));
        string stop = replica.Cpu.StopReason is { } reason ? $"; {reason}" : "";
        return FormattableString.Invariant($"instruction {result.Instructions} {where}: {Disassembler.Text(replica.Word, replica.Address)} (0x{replica.Word:x8}) at 0x{replica.Address:x}; interrupts [{string.Join(' ', interrupts)}], here {replica.Interrupts}: {values}{stop}");
    }
}
