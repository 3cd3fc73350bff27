using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_RTC_*: wall-clock time that starts at a fixed date and follows virtual time, so that runs repeat.</summary>
public sealed class RtcCalls(Func<TimeSpan> uptime) : IOpalCalls, ISnapshotted
{
    /// <summary>Date at power-on.</summary>
    public static readonly DateTime PowerOn = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TimeSpan adjustment;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.RTC_READ, Read);
        table.Add(OpalToken.RTC_WRITE, Write);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer) => writer.Write(adjustment.Ticks);

    /// <inheritdoc/>
    public void Load(SnapshotReader reader) => adjustment = TimeSpan.FromTicks(reader.ReadInt64());

    // (&date as 32 bits, &time as 64 bits), BCD: yyyymmdd; hour, minute, second in the first three bytes.
    private OpalReturn Read(OpalCall call)
    {
        DateTime now = PowerOn + uptime() + adjustment;
        uint date = (ToBcd(now.Year / 100) << 24) | (ToBcd(now.Year % 100) << 16) | (ToBcd(now.Month) << 8) | ToBcd(now.Day);
        ulong time = ((ulong)ToBcd(now.Hour) << 56) | ((ulong)ToBcd(now.Minute) << 48) | ((ulong)ToBcd(now.Second) << 40);
        return call.Memory.TryWrite32(call[0], date) && call.Memory.TryWrite64(call[1], time) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (date, time) as values.
    private OpalReturn Write(OpalCall call)
    {
        ulong date = call[0];
        ulong time = call[1];
        int[] fields = [FromBcd(date >> 24), FromBcd(date >> 16), FromBcd(date >> 8), FromBcd(date), FromBcd(time >> 56), FromBcd(time >> 48), FromBcd(time >> 40)];
        if (Array.Exists(fields, field => field < 0))
            return OpalReturn.PARAMETER;
        int year = (fields[0] * 100) + fields[1];
        if (year < 1 || fields[2] is < 1 or > 12 || fields[3] < 1 || fields[3] > DateTime.DaysInMonth(year, fields[2]) || fields[4] > 23 || fields[5] > 59 || fields[6] > 59)
            return OpalReturn.PARAMETER;
        adjustment = new DateTime(year, fields[2], fields[3], fields[4], fields[5], fields[6], DateTimeKind.Utc) - PowerOn - uptime();
        return OpalReturn.SUCCESS;
    }

    private static uint ToBcd(int value) => (uint)(((value / 10) << 4) | (value % 10));

    // -1: a digit above 9.
    private static int FromBcd(ulong value)
    {
        int tens = (int)(value >> 4) & 0xF;
        int ones = (int)value & 0xF;
        return tens > 9 || ones > 9 ? -1 : (tens * 10) + ones;
    }
}
