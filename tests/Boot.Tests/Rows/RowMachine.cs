using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A machine on which rows run, all in one boot.</summary>
/// <param name="name">Name of the boot.</param>
/// <param name="secureMemory">Bytes of secure memory.</param>
/// <param name="options">Settings of the ultravisor.</param>
/// <param name="processors">Number of processors.</param>
internal sealed class RowMachine(string name, ulong secureMemory, UltravisorOptions? options = null, int processors = 1)
{
    // Seconds of a guest's silence; a row that hangs must not cost much.
    private const string SilenceIsAHang = " uvmem.timeout=5";
    private const long InstructionLimit = 12_000_000_000;

    private Lazy<BootRecord>? boot;

    /// <summary>Name of its boot.</summary>
    public string Name => name;

    /// <summary>Whether guests ask to be secure: a normal one's memory is in plain sight.</summary>
    public bool IsSecure { get; init; } = true;

    /// <summary>The stimulus that sees to it that a guest runs.</summary>
    public string Ready { get; init; } = "ready";

    /// <summary>Words for the guests' command lines, divided by commas.</summary>
    public string GuestWords { get; init; } = "";

    /// <summary>What applies from power-on, or null.</summary>
    public Injection? FromPowerOn { get; init; }

    /// <summary>A boot of some rows of this machine, or of one alone.</summary>
    public BootPlan Plan(IReadOnlyList<Row> rows) => new()
    {
        Name = name,
        Run = "case:" + string.Join(',', Words(rows)) + SilenceIsAHang + (GuestWords.Length == 0 ? "" : $" uvmem.guest={GuestWords}"),
        Instructions = InstructionLimit,
        SecureMemory = secureMemory,
        Ultravisor = options,
        Processors = processors,
        PowerOn = FromPowerOn,
        Injections = rows.Where(row => row.IsInjected).ToDictionary(row => row.Part, row => new Injection(row.Rules, row.Gates, row.Overrides)),
    };

    /// <summary>The boot; runs when first asked for.</summary>
    /// <param name="all">All rows; those of this machine are run, in their order.</param>
    public BootRecord Boot(IEnumerable<Row> all) => (boot ??= new Lazy<BootRecord>(() => BootRecord.Of(Plan([.. all.Where(row => row.On == this)])))).Value;

    // What is injected counts from the beginning of its row: a guest that the row is not about booting must be there by then.
    private IEnumerable<string> Words(IReadOnlyList<Row> rows)
    {
        foreach (Row row in rows.Where(row => row.LooksAt is null).DistinctBy(row => row.Part))
        {
            if (row.IsInjected && !row.Boots)
                yield return Ready;
            yield return row.Word;
        }
    }
}
