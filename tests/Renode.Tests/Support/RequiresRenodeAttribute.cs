using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>Tests that run where RENODE_DIR names the folder of a Renode, and are skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresRenodeAttribute : NUnitAttribute, IApplyToTest
{
    /// <inheritdoc/>
    public void ApplyToTest(Test test)
    {
        if (RenodePlaces.RenodeFolder is not null || test.RunState == RunState.NotRunnable)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, "RENODE_DIR is not set: these tests run in the Renode (1.16.1 or newer) that it names");
    }
}
