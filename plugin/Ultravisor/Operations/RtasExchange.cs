using System.Buffers.Binary;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Rtas;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>
/// H_RTAS of an SVM. The guest's RTAS stub passes the real address of an argument block in R4 (firmware of QEMU: <c>mr r4,r3; ...; sc 1</c>).
/// Block and buffers are copied to shared pages, QEMU works on those, results are copied back. Result: the hypercall's.
/// </summary>
internal sealed partial class RtasExchange(ulong guestBlock) : Operation
{
    // Real mode drops the high bits of an address (QEMU: ppc64_phys_to_real).
    private const ulong RealMask = 0x0FFFFFFFFFFFFFFF;

    private readonly ulong guestBlock = guestBlock & RealMask;
    private readonly List<Bounce> bounces = [];
    private Phase phase;
    private RtasArguments? block;
    private string? name;
    private ulong sharedBlock;
    private bool waiting;
    private long result;

    private enum Phase
    {
        Read,
        Prepare,
        Called,
        WriteBack,
    }

    public override OperationKind Kind => OperationKind.RtasExchange;

    public override Step Run(UltravisorModel uv, UvContext context, Answer answer)
    {
        if (context.Svm.Rtas is not { } rtas)
            return Step.Finished(UReturn.U_PARAMETER);
        Step step = waiting && answer.Result != 0 ? Step.Finished(UReturn.U_PARAMETER) : RunPhase(uv, rtas, context, answer);
        if (step.Kind == StepKind.Finished)
            rtas.FreeBuffers(context);
        return step;
    }

    public override string ToString() => $"{nameof(RtasExchange)} {name} {phase}";

    private Step RunPhase(UltravisorModel uv, RtasService rtas, UvContext context, Answer answer)
    {
        Svm svm = context.Svm;
        waiting = false;
        switch (phase)
        {
            case Phase.Read:
                if (!Reach(uv, svm, guestBlock, RtasArguments.Size, out Step wait))
                    return wait;
                var bytes = new byte[RtasArguments.Size];
                uv.Guest.Read(svm, guestBlock, bytes);
                block = RtasArguments.Parse(bytes);
                if (block is null)
                    return Step.Finished(UReturn.U_PARAMETER);
                name = rtas.Name(block.Token);
                sharedBlock = rtas.ArgumentAddress(context, name == RtasCallShape.StopSelf);
                if (!TakeBuffers(rtas, context))
                {
                    // All buffers are with other CPUs: the guest repeats its call.
                    context.StepBack();
                    return Step.Finished((long)context.Registers.Gpr[3]);
                }

                phase = Phase.Prepare;
                goto case Phase.Prepare;
            case Phase.Prepare:
                if (!Reach(uv, svm, sharedBlock, RtasArguments.Size, out wait))
                    return wait;
                foreach (Bounce bounce in bounces)
                {
                    if (!Reach(uv, svm, bounce.Shared, bounce.Length, out wait) || !Reach(uv, svm, bounce.Guest, bounce.Length, out wait))
                        return wait;
                }

                if (StartsCpu && !uv.HasRoomForCpu)
                    return Step.Finished(UReturn.U_PARAMETER);
                Send(uv, context);
                phase = Phase.Called;
                return Step.Call(HCall.H_RTAS, sharedBlock);
            case Phase.Called:
                result = answer.Result;
                phase = Phase.WriteBack;
                goto case Phase.WriteBack;
            case Phase.WriteBack:
                if (!Reach(uv, svm, guestBlock, RtasArguments.Size, out wait) || !Reach(uv, svm, sharedBlock, RtasArguments.Size, out wait))
                    return wait;
                foreach (Bounce bounce in bounces)
                {
                    if (!Reach(uv, svm, bounce.Shared, bounce.Length, out wait) || !Reach(uv, svm, bounce.Guest, bounce.Length, out wait))
                        return wait;
                }

                Receive(uv, svm);
                return Step.Finished(result);
            default:
                throw new InvalidOperationException($"phase {phase}");
        }
    }

    private bool StartsCpu => name == RtasCallShape.StartCpu && block!.ArgumentCount >= 3;

    private bool TakeBuffers(RtasService rtas, UvContext context)
    {
        foreach (RtasBuffer buffer in RtasCallShape.BuffersOf(name))
        {
            if (buffer.Address >= block!.ArgumentCount || buffer.Length >= block.ArgumentCount)
                continue;
            ulong length = buffer.Length >= 0 ? block[buffer.Length] : buffer.FixedLength;
            ulong address = block[buffer.Address];
            length = Math.Min(length, SecureHeap.FrameSize);
            if (buffer.Length < 0)
                length = Math.Min(length, SecureHeap.FrameSize - (address & (SecureHeap.FrameSize - 1)));
            if (length == 0)
                continue;
            if (rtas.TakeBuffer(context) is not { } shared)
                return false;
            bounces.Add(new Bounce(address, shared, length, buffer.Flow, buffer.Content));
            block[buffer.Address] = (uint)shared;
            if (buffer.Length >= 0)
                block[buffer.Length] = (uint)length;
        }

        return true;
    }

    private void Send(UltravisorModel uv, UvContext context)
    {
        // The number that start-cpu passes on would tell the hypervisor a guest value; a cookie stands in, redeemed by UV_RETURN.
        if (StartsCpu)
            block![2] = uv.IssueStartCookie(context.Svm, block[1], block[2]);
        foreach (Bounce bounce in bounces)
        {
            var content = new byte[bounce.Length];
            if ((bounce.Flow & BufferFlow.ToHypervisor) != 0)
                uv.Guest.Read(context.Svm, bounce.Guest, content);
            content.AsSpan(Meant(content, bounce.Content)).Clear();
            uv.Guest.Write(context.Svm, bounce.Shared, content);
        }

        uv.Guest.Write(context.Svm, sharedBlock, block!.ToBytes());
    }

    // Bytes that the guest means to show: what lies behind may be anything.
    private static int Meant(byte[] content, BufferContent kind)
    {
        int end = kind switch
        {
            BufferContent.Text => Array.IndexOf(content, (byte)0),
            BufferContent.Counted when content.Length >= 2 => 2 + BinaryPrimitives.ReadUInt16BigEndian(content),
            _ => content.Length,
        };
        return end < 0 ? content.Length : Math.Min(end, content.Length);
    }

    private void Receive(UltravisorModel uv, Svm svm)
    {
        // Only results go back: the counts and arguments are the guest's own, whatever the shared block says now.
        int offset = (3 + block!.ArgumentCount) * 4;
        var results = new byte[block.ResultCount * 4];
        uv.Guest.Read(svm, sharedBlock + (ulong)offset, results);
        uv.Guest.Write(svm, guestBlock + (ulong)offset, results);
        bool failed = result != 0 || (results.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(results) != 0);
        if (StartsCpu && failed)
            uv.DropStartCookie(block[2]);
        foreach (Bounce bounce in bounces)
        {
            if ((bounce.Flow & BufferFlow.FromHypervisor) == 0)
                continue;
            var content = new byte[bounce.Length];
            uv.Guest.Read(svm, bounce.Shared, content);
            uv.Guest.Write(svm, bounce.Guest, content);
        }
    }

    // False: do the given step first.
    private bool Reach(UltravisorModel uv, Svm svm, ulong gpa, ulong length, out Step step)
    {
        step = default;
        switch (uv.Guest.Access(svm, gpa, length, out ulong obstacle))
        {
            case FrameAccess.Ready:
                return true;
            case FrameAccess.Absent:
                waiting = true;
                step = Step.Child(new MakeResident(obstacle));
                return false;
            default:
                step = Step.Finished(UReturn.U_PARAMETER);
                return false;
        }
    }

    private readonly record struct Bounce(ulong Guest, ulong Shared, ulong Length, BufferFlow Flow, BufferContent Content);
}
