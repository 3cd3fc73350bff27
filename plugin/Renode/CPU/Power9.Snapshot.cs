using Antmicro.Migrant;
using Antmicro.Migrant.Hooks;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>Snapshots: the first CPU of a machine carries the state of all of the core, see <see cref="RenodeUvmem.Renode.Machines.PowerMachine"/>.</summary>
public sealed partial class Power9
{
    private byte[]? saved;

    /// <summary>The state that a snapshot held, once.</summary>
    internal byte[]? TakeSaved()
    {
        byte[]? taken = saved;
        saved = null;
        return taken;
    }

    [PreSerialization]
    private void BeforeSave() => saved = shared is not null && shared.Members[0].Cpu == this ? shared.Save() : null;

    [PostSerialization]
    private void AfterSave() => saved = null;

    // When all of the machine is there again.
    [LatePostDeserialization]
    private void AfterLoad()
    {
        if (saved is not null)
            _ = Shared;
    }
}
