using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>A guest CPU in the hypervisor's hands: what it saw at the exit, and what it does not see.</summary>
/// <param name="Guest">Whose.</param>
/// <param name="Cookie">Good for one UV_RETURN.</param>
/// <param name="Vector">Where the hypervisor was entered.</param>
/// <param name="Address">SRR0 or HSRR0.</param>
/// <param name="Msr">SRR1 or HSRR1.</param>
/// <param name="Gpr">GPRs as the hypervisor saw them.</param>
/// <param name="Task">The guest's call that is under way, or null.</param>
/// <param name="Hidden">The guest's own registers, or null if not known: UV_RETURN must bring them back.</param>
internal sealed record Exit(Guest Guest, ulong Cookie, ulong Vector, ulong Address, ulong Msr, ulong[] Gpr, GuestTask? Task, Registers? Hidden)
{
    public bool IsCall => Vector == 0xC00;

    public HCall Call => (HCall)Gpr[3];
}

/// <summary>An ultracall of a guest whose answer is outstanding.</summary>
/// <param name="Call">Which.</param>
/// <param name="First">First frame, for sharing and unsharing.</param>
/// <param name="Count">Number of frames.</param>
internal sealed record GuestTask(UltraCall Call, int First = 0, int Count = 0)
{
    public bool Concerns(int frame) => frame >= First && frame < First + Count;
}
