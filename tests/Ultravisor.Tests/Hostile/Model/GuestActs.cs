using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>What guests do: an SVM that minds its business, and one that is malicious. Memory here, calls in Calls.</summary>
internal static unsafe partial class GuestActs
{
    private static readonly Vector[] Interrupts =
    [
        Vector.HypervisorDecrementer, Vector.HypervisorVirtualization, Vector.HypervisorDoorbell, Vector.HypervisorMaintenance, Vector.SystemReset,
        Vector.MachineCheck, Vector.HypervisorFacilityUnavailable, Vector.HypervisorEmulationAssistance, Vector.External, Vector.SoftPatch,
    ];

    /// <summary>Writes secrets.</summary>
    public static void Write(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        int frame = Guest.PickSecretFrame(random);
        story.Add($"writes frame {frame}");
        world.WriteSecret(cpu, guest, frame);
    }

    /// <summary>Reads what it wrote.</summary>
    public static void Read(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        int frame = Guest.PickSecretFrame(random);
        story.Add($"reads frame {frame}");
        world.ReadSecret(cpu, guest, frame);
    }

    /// <summary>Executes a load or store in real mode: through the CPU's cached translations, with the interrupts that follow.</summary>
    public static void Execute(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        const uint LoadDoubleword = 0xE8A40000; // ld r5,0(r4)
        const uint StoreDoubleword = 0xF8A40000; // std r5,0(r4)
        int frame = Guest.PickSecretFrame(random);
        Content content = guest.Frames[frame];
        bool outside = random.OneIn(8);
        bool store = !outside && random.OneIn(3);
        ulong gpa = outside ? Values.Address(random) : ((ulong)frame * World.Frame) + 8;
        story.Add($"executes a {(store ? "store" : "load")} at 0x{gpa:x}");
        World.Compose(cpu, guest);

        // No interrupt of its own in place of the instruction.
        cpu.SetMsr(cpu.State->Msr & ~Msr.EE);
        byte* code = world.GuestPointer(cpu, World.GuestCode, AccessKind.Fetch, out ulong real);
        if (code != null)
        {
            *(uint*)code = store ? StoreDoubleword : LoadDoubleword;
            world.Memory.InvalidateCode(real, 4);
        }

        // A store repeats what is there; anything else would need no secret.
        bool known = !outside && content is { UnderWay: 0, Expected: Expected.Secret or Expected.Zero };
        ulong value = known && content.Expected == Expected.Secret ? World.Stamp(frame, content.Version) : 0;
        if (store && !known)
            return;
        cpu.State->Gpr[4] = gpa;
        cpu.State->Gpr[5] = value;
        bool absent = !outside && world.IsAbsent(guest, frame);
        cpu.Execute(1);
        if (absent && World.InSvm(cpu) && cpu.State->Nia == World.GuestCode + 4)
            throw new BrokenPropertyException("translation", $"LPID {guest.Lpid} reached frame {frame}, which it does not have, by an old translation");
        if (World.InSvm(cpu) && cpu.State->Nia == World.GuestCode + 4 && known && cpu.State->Gpr[5] != value)
            throw new BrokenPropertyException("content", $"LPID {guest.Lpid} loads 0x{cpu.State->Gpr[5]:x} from 0x{gpa:x}, expected {content.Expected} 0x{value:x}");
        world.Settle(cpu, guest);
    }

    /// <summary>Shares or unshares frames that it has.</summary>
    public static void Share(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        int first = Guest.PickSecretFrame(random);
        int count = random.OneIn(3) ? random.Below(4) : 1;
        UltraCall call = random.Pick(UltraCall.UV_SHARE_PAGE, UltraCall.UV_UNSHARE_PAGE);
        Ask(world, cpu, guest, story, call, (ulong)first, (ulong)count);
    }

    /// <summary>Shares or unshares anything.</summary>
    public static void ShareWildly(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        UltraCall call = random.Pick(UltraCall.UV_SHARE_PAGE, UltraCall.UV_UNSHARE_PAGE, UltraCall.UV_UNSHARE_ALL_PAGES);
        Ask(world, cpu, guest, story, call, Frames(), Frames());

        ulong Frames() => random.OneIn(2) ? (ulong)random.Below(Guest.FrameCount + 2) : Values.Number(random) >> random.Pick(0, 16);
    }

    /// <summary>An interrupt that is the hypervisor's, storage interrupts among them.</summary>
    public static void Leave(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        World.Compose(cpu, guest);
        CpuState* s = cpu.State;
        if (random.OneIn(2))
        {
            Vector vector = random.PickOf(Interrupts);
            story.Add($"leaves for {vector}");

            // The hypervisor gets the address of a machine check.
            world.Interrupt(cpu, guest, vector, () => s->Spr[SprNumber.DAR] = vector == Vector.MachineCheck ? 0 : guest.Secret);
            return;
        }

        ulong gpa = random.OneIn(6) ? Values.Address(random) : (ulong)Guest.PickSecretFrame(random) * World.Frame;
        Vector storage = random.Pick(Vector.HypervisorDataStorage, Vector.HypervisorInstructionStorage);
        story.Add($"leaves for {storage} at 0x{gpa:x}");

        // Outside of memory it is an access to a device, by whatever instruction stands there: a register is its value.
        bool device = world.Uv.FindSvm(guest.Lpid)!.FindSlot(gpa & 0x0FFFFFFFFFFFF000) is null;
        for (int n = 0; device && n < 32; n++)
            s->Gpr[n] = 0;
        world.Interrupt(cpu, guest, storage, () =>
        {
            s->Spr[SprNumber.ASDR] = gpa & ~0xFFFUL;
            s->Spr[SprNumber.HDAR] = gpa;
            s->Spr[SprNumber.HDSISR] = (uint)random.Next();
        }, hidden: !device);
    }

    private static void Ask(World world, Cpu cpu, Guest guest, Story story, UltraCall call, ulong gfn, ulong count)
    {
        story.Add($"{call}(0x{gfn:x}, 0x{count:x})");
        World.Compose(cpu, guest);
        bool all = call == UltraCall.UV_UNSHARE_ALL_PAGES;
        int first = (int)Math.Min(gfn, Guest.FrameCount);
        int frames = (int)Math.Min(count, (ulong)(Guest.FrameCount - first));
        GuestTask task = all ? new GuestTask(call, 0, Guest.FrameCount) : new GuestTask(call, first, frames);
        bool covered = all || Covered(world.Uv.FindSvm(guest.Lpid)!, gfn, count);
        bool dead = world.Uv.FindSvm(guest.Lpid)!.State == SvmState.Dead;
        world.GuestCall(cpu, guest, task, (ulong)call, gfn, count);
        if (!covered && !dead && (!World.InSvm(cpu) || (long)cpu.State->Gpr[3] != UReturn.U_P2))
            throw new BrokenPropertyException("code", $"{call} of frames outside of all slots gave {(long)cpu.State->Gpr[3]}");
    }

    private static bool Covered(Svm svm, ulong gfn, ulong count)
    {
        UInt128 end = ((UInt128)gfn + count) * World.Frame;
        UInt128 at = (UInt128)gfn * World.Frame;
        while (at < end)
        {
            if (svm.Slots.FirstOrDefault(slot => at >= slot.Gpa && at < (UInt128)slot.Gpa + slot.Size) is not { } slot)
                return false;
            at = (UInt128)slot.Gpa + slot.Size;
        }

        return true;
    }
}
