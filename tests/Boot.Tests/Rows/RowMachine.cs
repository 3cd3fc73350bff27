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
    private BootRecord? boot;

    /// <summary>Name of its boot.</summary>
    public string Name => name;

    /// <summary>A boot of some rows of this machine, or of one alone.</summary>
    public BootPlan Plan(IReadOnlyList<Row> rows) => new()
    {
        Name = name,
        Run = "case:" + string.Join(',', rows.Select(row => row.Word).Distinct()),
        SecureMemory = secureMemory,
        Ultravisor = options,
        Processors = processors,
        Injections = rows.Where(row => row.IsInjected).ToDictionary(row => row.Part, row => new Injection(row.Rules, row.Gates, row.Overrides)),
    };

    /// <summary>The boot; runs when first asked for.</summary>
    /// <param name="all">All rows; those of this machine are run, in their order.</param>
    public BootRecord Boot(IEnumerable<Row> all)
    {
        if (boot is null)
        {
            boot = BootRecord.Of(Plan([.. all.Where(row => row.On == this)]));
        }

        return boot;
    }
}
