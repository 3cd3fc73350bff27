using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Where in whose code something happened.</summary>
/// <param name="World">Whose code; for a guest, which is in <paramref name="Lpid"/>.</param>
/// <param name="Lpid">Partition of the guest; 0 in the hypervisor.</param>
/// <param name="IsUser">Whether a user program was running (PR=1).</param>
/// <param name="Nia">Effective address of the instruction.</param>
/// <param name="Link">LR: where the function that it is in returns to, if it has called no other.</param>
public readonly record struct CallSite(World World, ulong Lpid, bool IsUser, ulong Nia, ulong Link)
{
    // Linux makes nearly all ultracalls in this function (arch/powerpc/kernel/ucall.S), which has no frame of its own: who asked is in LR.
    private const string Stub = "ucall_norets";

    /// <summary>No place.</summary>
    public static CallSite None => new(World.Device, 0, false, 0, 0);

    /// <summary><c>hypervisor</c>, <c>guest 1</c>, <c>secure guest 1</c>, with <c>user</c> behind it, or <c>device</c>.</summary>
    public string WorldText
    {
        get
        {
            string world = World switch
            {
                World.Hypervisor => "hypervisor",
                World.Guest => $"guest {Lpid}",
                World.SecureGuest => $"secure guest {Lpid}",
                _ => "device",
            };
            return IsUser ? world + " user" : world;
        }
    }

    /// <summary>A thread's place by its MSR.</summary>
    internal static unsafe CallSite Of(CpuState* s, ulong nia, ulong msr)
    {
        World world = Worlds.Of(msr);
        return new CallSite(world, world == World.Hypervisor ? 0 : s->Spr[SprNumber.LPIDR], (msr & Msr.PR) != 0, nia, s->Spr[SprNumber.LR]);
    }

    /// <summary>Where a refused access was made.</summary>
    internal static CallSite Of(in SecureViolation violation)
    {
        if (violation.Initiator < 0)
            return None;
        World world = Worlds.Of(violation.Msr);
        return new CallSite(world, world == World.Hypervisor ? 0 : violation.Lpid, (violation.Msr & Msr.PR) != 0, violation.InstructionAddress, 0);
    }

    /// <summary>The function that asked, as name+0xoffset, or its address if the call was made for a function without a name; null if nothing is known.</summary>
    public string? Function(ISymbols? symbols)
    {
        if (symbols is null || World == World.Device)
            return null;
        string? name = symbols.Describe(Nia, World, Lpid);
        return name is not null && name.StartsWith(Stub, StringComparison.Ordinal) ? symbols.Describe(Link, World, Lpid) ?? $"0x{Link:x}" : name;
    }

    internal void Save(SnapshotWriter writer)
    {
        writer.Write((long)World);
        writer.Write(Lpid);
        writer.Write(IsUser);
        writer.Write(Nia);
        writer.Write(Link);
    }

    internal static CallSite Load(SnapshotReader reader) =>
        new(reader.ReadEnum<World>(), reader.ReadUInt64(), reader.ReadBool(), reader.ReadUInt64(), reader.ReadUInt64());
}
