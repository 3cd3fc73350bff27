namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>
/// Ends the process when one operation takes far too long: the emulator hangs. Also keeps in a file which case runs, so that it is known after
/// a crash of the process.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // Wall clock on a busy machine: far above what any operation needs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string? journal;
    private readonly Timer timer;
    private volatile Case? running;
    private long beats;
    private long seen;
    private DateTime since;

    public Watchdog(string? journal = null)
    {
        this.journal = journal;
        timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Begin(Case next)
    {
        if (journal is not null)
            File.WriteAllText(journal, Report.Command(next) + Environment.NewLine);
        Alive();
        running = next;
    }

    public void Alive() => Interlocked.Increment(ref beats);

    public void End() => running = null;

    public void Dispose()
    {
        timer.Dispose();
        if (journal is not null)
            File.Delete(journal);
    }

    private void Look()
    {
        long now = Interlocked.Read(ref beats);
        if (now != seen || running is not { } stuck)
        {
            seen = now;
            since = DateTime.UtcNow;
        }
        else if (DateTime.UtcNow - since > Limit)
        {
            Environment.FailFast($"operation {stuck.Done} hangs. Again: {Report.Command(stuck)}");
        }
    }
}
