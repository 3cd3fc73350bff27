using System.Buffers.Binary;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Mmio;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// Does a load or store outside of the slots for an SVM with H_LOGICAL_CI_LOAD or _STORE. The hypervisor can't emulate it itself: it sees
/// neither the instruction nor the registers.
/// </summary>
internal sealed class MmioAccess(StorageInstruction instruction, ulong gpa, ulong effectiveAddress) : Operation
{
    /// <summary>DSISR: no translation found.</summary>
    private const ulong NoTranslation = 0x40000000;

    private bool asked;
    private bool swap;

    public override OperationKind Kind => OperationKind.MmioAccess;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        GuestRegisters registers = context.Registers;
        if (!asked)
        {
            asked = true;

            // Noted now: an interrupt that the hypervisor injects changes the MSR.
            swap = (registers.Msr & Msr.LE) != 0 != instruction.IsReversed;
            ulong size = (ulong)instruction.Size;
            return instruction.IsStore
                ? Step.Call(HCall.H_LOGICAL_CI_STORE, size, gpa, Order(registers.Gpr[instruction.Register]))
                : Step.Call(HCall.H_LOGICAL_CI_LOAD, size, gpa);
        }

        if (answer.Result != 0)
        {
            // Nothing is there. Repeating the access for ever would hang the guest without a word.
            if (!context.Injected)
                GuestInterrupt.DataStorage(registers, uv.CurrentLpcr, effectiveAddress, NoTranslation | (instruction.IsStore ? 0x02000000UL : 0));
            return Step.Finished();
        }

        if (!instruction.IsStore)
        {
            ulong value = Order(answer.Value);
            registers.Gpr[instruction.Register] = instruction.IsSigned ? SignExtend(value) : value;
        }

        if (instruction.IsUpdate)
            registers.Gpr[instruction.Base] = effectiveAddress;
        context.StepOver();
        return Step.Finished();
    }

    // The hypercalls pass the bytes in memory order as a big-endian number (Linux: kvmppc_h_logical_ci_load).
    private ulong Order(ulong value)
    {
        int unused = 64 - (instruction.Size * 8);
        value = value << unused >> unused;
        return swap ? BinaryPrimitives.ReverseEndianness(value) >> unused : value;
    }

    private ulong SignExtend(ulong value)
    {
        int unused = 64 - (instruction.Size * 8);
        return (ulong)((long)(value << unused) >> unused);
    }

    public override void Save(UltravisorModel uv, SnapshotWriter writer)
    {
        writer.Write(instruction.IsStore);
        writer.Write(instruction.Size);
        writer.Write(instruction.IsSigned);
        writer.Write(instruction.IsReversed);
        writer.Write(instruction.IsUpdate);
        writer.Write(instruction.Register);
        writer.Write(instruction.Base);
        writer.Write(gpa);
        writer.Write(effectiveAddress);
        writer.Write(asked);
        writer.Write(swap);
    }

    public static MmioAccess Load(SnapshotReader reader)
    {
        var instruction = new StorageInstruction(
            reader.ReadBool(), reader.ReadInt32(), reader.ReadBool(), reader.ReadBool(), reader.ReadBool(), reader.ReadInt32(), reader.ReadInt32());
        const int Gprs = 32;
        if (instruction.Size is not (1 or 2 or 4 or 8) || (uint)instruction.Register >= Gprs || (uint)instruction.Base >= Gprs)
            throw reader.Problem($"{instruction} is no load or store");
        return new MmioAccess(instruction, reader.ReadUInt64(), reader.ReadUInt64()) { asked = reader.ReadBool(), swap = reader.ReadBool() };
    }
}
