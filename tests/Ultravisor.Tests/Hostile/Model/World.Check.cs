using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Properties of the whole machine.</summary>
internal sealed unsafe partial class World
{
    // Far above the number of calls that there are.
    private const int MaximumCounters = 300;

    private static readonly byte[] Mark = BitConverter.GetBytes((uint)(Guest.SecretMark >> 32));

    /// <summary>All properties.</summary>
    public void Check()
    {
        foreach (Cpu cpu in Cpus)
            CheckCpu(cpu);
        CheckGuards();
        CheckSecrets();
        Consistency.Check(Uv, SecureBase, SecureSize);
        if (Uv.UltraCallCounters.Count() > MaximumCounters || Uv.GuestCallCounters.Count() > MaximumCounters)
            throw new BrokenPropertyException("growth", $"{Uv.UltraCallCounters.Count()} kinds of ultracalls and {Uv.GuestCallCounters.Count()} of hypercalls are counted");
        if (Uv.ParkedCount != exits.Count)
            throw new BrokenPropertyException("growth", $"the ultravisor keeps {Uv.ParkedCount} guest CPUs, the hypervisor holds {exits.Count}");
    }

    /// <summary>What holds for a CPU after every operation.</summary>
    public void CheckCpu(Cpu cpu)
    {
        CpuState* s = cpu.State;
        if (cpu.StopReason is { } reason)
            throw new BrokenPropertyException("stop", reason);
        if ((s->Msr & (Msr.S | Msr.HV)) == (Msr.S | Msr.HV))
            throw new BrokenPropertyException("privilege", $"CPU {cpu.Pir} is in ultravisor state at 0x{s->Nia:x}");
        if (s->Spr[SprNumber.PTCR] != Uv.PartitionTable.Ptcr || s->Spr[SprNumber.SMFCTRL] != (SmfCtrl.E | SmfCtrl.WakeUp) || s->Spr[SprNumber.URMOR] != 0)
            throw new BrokenPropertyException("privilege", $"CPU {cpu.Pir} has PTCR 0x{s->Spr[SprNumber.PTCR]:x}, SMFCTRL 0x{s->Spr[SprNumber.SMFCTRL]:x}, URMOR 0x{s->Spr[SprNumber.URMOR]:x}");
        if ((s->Msr & Msr.S) != 0 && Uv.FindSvm(s->Spr[SprNumber.LPIDR]) is null)
            throw new BrokenPropertyException("terminated", $"CPU {cpu.Pir} runs LPID {s->Spr[SprNumber.LPIDR]}, which is no SVM");
        if ((s->Msr & Msr.S) == 0)
            Registers.ExpectNoSecret(s, cpu.Pir);
    }

    /// <summary>No secret is in normal memory or within another SVM's reach.</summary>
    public void CheckSecrets()
    {
        CheckNormalMemory();
        CheckSeparation();
        CheckContents();
    }

    // What a guest wrote last is there, whoever wrote to secure memory meanwhile.
    private void CheckContents()
    {
        foreach (Guest guest in Guests)
        {
            if (!guest.IsSecure || Uv.FindSvm(guest.Lpid) is not { } svm)
                continue;
            for (int frame = 0; frame < Guest.FrameCount; frame++)
            {
                Content content = guest.Frames[frame];
                ulong gpa = (ulong)frame * Frame;
                if (content is not { Expected: Expected.Secret, UnderWay: 0 } || svm.FindSlot(gpa) is null || svm.Frame(gpa) is not { State: PageState.SECURE, Secure: not 0 } record)
                    continue;
                foreach (int place in Places)
                {
                    ReadOnlySpan<byte> bytes = secure.Page(record.Secure)[place..];
                    ulong stamp = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
                    if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != guest.Secret || stamp != Stamp(frame, content.Version))
                        throw new BrokenPropertyException("content", $"frame {frame} of LPID {guest.Lpid} has 0x{stamp:x} at 0x{place:x}, its guest wrote 0x{Stamp(frame, content.Version):x}");
                }
            }
        }
    }

    /// <summary>Ends all SVMs: nothing of them may be left.</summary>
    public void CheckNothingIsLeft()
    {
        Cpu cpu = Cpus.FirstOrDefault(InHypervisor) ?? Cpus[0];
        if (Running(cpu) is { } guest && InSvm(cpu))
            Interrupt(cpu, guest, Vector.HypervisorDecrementer);
        foreach (ulong lpid in Uv.Svms.Select(svm => svm.Lpid).ToArray())
            Call(cpu, Abi.UltraCall.UV_SVM_TERMINATE, lpid);
        if (Uv.Heap.Unallocated != SecureSize - Frame || Uv.Heap.Promised != 0)
            throw new BrokenPropertyException("leak", $"without any SVM 0x{SecureSize - Frame - Uv.Heap.Unallocated:x} bytes are not free and 0x{Uv.Heap.Promised:x} promised");
        if (Uv.ParkedCount != 0 || Uv.StartCookieCount != 0)
            throw new BrokenPropertyException("leak", $"without any SVM {Uv.ParkedCount} CPUs and {Uv.StartCookieCount} start cookies are kept");
    }

    private void CheckNormalMemory()
    {
        for (ulong page = 0; page < NormalSize; page += Frame)
        {
            ReadOnlySpan<byte> bytes = normal.Page(page);
            for (int at = bytes.IndexOf(Mark), next; at >= 0; at = next < 0 ? -1 : at + 1 + next)
            {
                if (IsSecret(bytes, at))
                    throw new BrokenPropertyException("secrecy", $"normal memory holds a guest's secret at 0x{page + (ulong)at:x}");
                next = bytes[(at + 1)..].IndexOf(Mark);
            }
        }
    }

    // Four bytes alone turn up in ciphertext by chance: the other half of a secret belongs to it, before or behind, or the mark once more.
    private static bool IsSecret(ReadOnlySpan<byte> bytes, int at)
    {
        ReadOnlySpan<byte> behind = bytes[(at + Mark.Length)..];
        if (behind.StartsWith(Mark))
            return true;
        ulong before = at >= 4 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at - 4)..]) : 0;
        ulong after = behind.Length >= 4 ? BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]) : 0;
        return Guest.IsSecret(before) || Guest.IsSecret(after);
    }

    // No SVM's tree leads to another's secret.
    private void CheckSeparation()
    {
        foreach (Svm svm in Uv.Svms)
        {
            foreach ((ulong gpa, ulong real) in Consistency.Leaves(Uv, svm, []))
            {
                if (real < SecureBase)
                    continue;
                ReadOnlySpan<byte> page = secure.Page(real);
                foreach (int place in Places)
                {
                    ulong value = BinaryPrimitives.ReadUInt64LittleEndian(page[place..]);
                    if (value != GuestOf(svm.Lpid)?.Secret && Guests.Any(guest => guest.Secret == value))
                        throw new BrokenPropertyException("separation", $"LPID {svm.Lpid} has 0x{value:x} of another at 0x{gpa:x}");
                }
            }
        }
    }
}
