using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>Tests that need a gdb for POWER, and are skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresGdbAttribute : NUnitAttribute, IApplyToTest
{
    /// <inheritdoc/>
    public void ApplyToTest(Test test)
    {
        if (GdbPlaces.Program is not null || test.RunState is RunState.NotRunnable or RunState.Ignored)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, "there is no gdb-multiarch on the path; these tests attach one to Renode");
    }
}
