using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Operations;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>
/// A guest CPU that the ultravisor has taken out: its registers, why it left, and the operations that must end before it goes on.
/// All of it is data, so that a snapshot between two instructions can hold it.
/// </summary>
internal sealed partial class UvContext(Svm svm, int index)
{
    private const ulong InstructionSize = 4;

    /// <summary>The SVM, or the guest that is becoming one.</summary>
    public Svm Svm { get; } = svm;

    /// <summary>Small number, unique among the contexts that live.</summary>
    public int Index { get; } = index;

    /// <summary>Guest registers.</summary>
    public GuestRegisters Registers { get; } = new();

    /// <summary>What the hypervisor holds in place of the guest's address; consumed by UV_RETURN.</summary>
    public ulong Cookie { get; set; }

    /// <summary>Hypercall of the guest that the hypervisor is answering, or null.</summary>
    public HCall? Reflected { get; set; }

    /// <summary>Call of the ultravisor that the hypervisor is answering, or null.</summary>
    public HCall? Reverse { get; set; }

    /// <summary>An interrupt was injected while an operation was under way: SRR0 holds the guest's address.</summary>
    public bool Injected { get; set; }

    /// <summary>Ultracall of the guest that the operations answer, or null.</summary>
    public UltraCall? PendingCall { get; set; }

    /// <summary>Its arguments.</summary>
    public CallArguments PendingArguments { get; set; }

    /// <summary>Where the guest made it.</summary>
    public CallSite PendingSite { get; set; }

    /// <summary>The operations answer a hypercall of the guest: their result goes to R3.</summary>
    public bool PendingHypercall { get; set; }

    /// <summary>Operations under way, the innermost on top.</summary>
    public Stack<Operation> Operations { get; } = [];

    /// <summary>Moves the guest past the instruction that an operation has completed for it.</summary>
    public void StepOver() => Step(InstructionSize);

    /// <summary>Moves the guest back to the call that it must repeat.</summary>
    public void StepBack() => Step(unchecked(0 - InstructionSize));

    private void Step(ulong distance)
    {
        if (Injected)
            Registers.Srr0 += distance;
        else
            Registers.Nia += distance;
    }
}
