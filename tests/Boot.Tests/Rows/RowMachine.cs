using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>A machine on which rows run, all in one boot.</summary>
/// <param name="name">Name of the boot.</param>
/// <param name="secureMemory">Bytes of secure memory.</param>
/// <param name="options">Settings of the ultravisor.</param>
internal sealed class RowMachine(string name, ulong secureMemory, UltravisorOptions? options = null)
{
    private BootRecord? boot;

    /// <summary>The boot; runs when first asked for.</summary>
    /// <param name="all">All rows; those of this machine are run, in their order.</param>
    public BootRecord Boot(IEnumerable<Row> all)
    {
        if (boot is null)
        {
            Row[] rows = [.. all.Where(row => row.On == this)];
            ILookup<string, string> rules = rows
                .SelectMany(row => row.Rules, (row, rule) => (row.Stimulus, rule))
                .ToLookup(pair => pair.Stimulus, pair => pair.rule);
            boot = BootRecord.Of(name, "case:" + string.Join(',', rows.Select(row => row.Stimulus).Distinct()), secureMemory, options, rules);
        }

        return boot;
    }
}
