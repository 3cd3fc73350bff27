using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.State;

/// <summary>
/// The architected state in a snapshot. Pointers are left out, and so are <see cref="CpuState.AccessBuffer"/>, <see cref="CpuState.StopRequested"/>,
/// <see cref="CpuState.Work"/>, <see cref="CpuState.Exits"/> and <see cref="CpuState.Translates"/>, which hold nothing between runs, and <see cref="CpuState.Concurrent"/>, which is the host's choice.
/// </summary>
internal static unsafe class CpuStateSnapshot
{
    private const string Tag = "state";
    private const int GprCount = 32;
    private const int VsrDoublewords = 128;
    private const int SprCount = 1024;

    public static void Save(CpuState* s, SnapshotWriter writer)
    {
        writer.Begin(Tag);
        writer.WriteAll(new ReadOnlySpan<ulong>(s->Gpr, GprCount));
        writer.Write(s->Msr);
        writer.Write(s->Facilities);
        writer.Write(s->Nia);
        writer.Write(s->CodePageEa);
        writer.Write(s->Executed);
        writer.Write(s->CrWord);
        writer.Write(s->Xer);
        writer.Write(s->Fpscr);
        writer.Write(s->Vscr);
        writer.Write(s->ReserveValid);
        writer.Write(s->ReserveRa);
        writer.Write(s->ReserveValueLow);
        writer.Write(s->ReserveValueHigh);
        writer.Write(s->ReserveLength);
        writer.WriteAll(new ReadOnlySpan<ulong>(s->Vsr, VsrDoublewords));
        writer.WriteAll(new ReadOnlySpan<ulong>(s->Spr, SprCount));
        writer.End();
    }

    public static void Load(CpuState* s, SnapshotReader reader)
    {
        reader.Begin(Tag);
        reader.ReadAll(new Span<ulong>(s->Gpr, GprCount));
        s->Msr = reader.ReadUInt64();
        s->Facilities = reader.ReadUInt64();
        s->Nia = reader.ReadUInt64();
        s->CodePageEa = reader.ReadUInt64();
        s->RunEnd = reader.ReadInt64();
        s->Remaining = 0;
        s->CrWord = reader.ReadUInt32();
        s->Xer = reader.ReadUInt64();
        s->Fpscr = reader.ReadUInt64();
        s->Vscr = reader.ReadUInt32();
        s->ReserveValid = reader.ReadUInt32();
        s->ReserveRa = reader.ReadUInt64();
        s->ReserveValueLow = reader.ReadUInt64();
        s->ReserveValueHigh = reader.ReadUInt64();
        s->ReserveLength = reader.ReadUInt64();
        reader.ReadAll(new Span<ulong>(s->Vsr, VsrDoublewords));
        reader.ReadAll(new Span<ulong>(s->Spr, SprCount));
        reader.End();
    }
}
