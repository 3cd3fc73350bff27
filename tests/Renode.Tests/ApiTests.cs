using NUnit.Framework;
using RenodeUvmem.Renode.Tests.Support;

namespace RenodeUvmem.Renode.Tests;

/// <summary>The plugin was compiled against declarations of Renode's API; this Renode has what they declare.</summary>
[TestFixture]
[RequiresRenode]
internal sealed class ApiTests
{
    [Test]
    public void Every_member_of_Renode_that_the_plugin_uses_is_there()
    {
        using RenodeProcess renode = RenodeProcess.Start();
        renode.LoadPlugin();
        Assert.That(renode.Command("uvmem_check").Trim(), Is.EqualTo("0 things are missing"));
    }
}
