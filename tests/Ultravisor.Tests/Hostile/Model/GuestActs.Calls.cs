using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Ultracalls and hypercalls of guests.</summary>
internal static unsafe partial class GuestActs
{
    /// <summary>Calls that only the hypervisor may make, and any from user state.</summary>
    public static void Forbidden(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        UltraCall call = random.PickOf(Enum.GetValues<UltraCall>());
        bool user = random.OneIn(2);
        bool own = call is UltraCall.UV_SHARE_PAGE or UltraCall.UV_UNSHARE_PAGE or UltraCall.UV_UNSHARE_ALL_PAGES or UltraCall.UV_ESM;
        bool secure = World.InSvm(cpu);
        if (own && (secure || call == UltraCall.UV_ESM) && !user)
            return;
        bool dead = secure && world.Uv.FindSvm(guest.Lpid)?.State == SvmState.Dead;
        story.Add($"{call} from {(user ? "user" : "kernel")} state, S={(secure ? 1 : 0)}");
        ulong msr = World.GuestMsr | (secure ? Msr.S : 0) | (user ? Msr.PR | Msr.IR | Msr.DR : 0);
        cpu.SetMsr(msr);
        long code = World.Raw(cpu, (ulong)call, World.GuestCode + 4, Values.Lpid(random), Values.Address(random), Values.Address(random), 0, 16);
        if (!dead && (code != UReturn.U_PERMISSION || cpu.State->Nia != World.GuestCode + 4 || cpu.State->Msr != msr))
            throw new BrokenPropertyException("code", $"{call} with MSR 0x{msr:x} gave {code} at 0x{cpu.State->Nia:x}, MSR 0x{cpu.State->Msr:x}");
        world.Settle(cpu, guest);
    }

    /// <summary>A hypercall: any number, any arguments; those that only the ultravisor may make must not get through.</summary>
    public static void Hypercall(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        HCall call = random.Below(4) switch
        {
            0 => random.Pick(HCall.H_SVM_PAGE_IN, HCall.H_SVM_PAGE_OUT, HCall.H_SVM_INIT_START, HCall.H_SVM_INIT_DONE, HCall.H_SVM_INIT_ABORT, HCall.H_SVM_TPM_COMM),
            1 => (HCall)Values.Number(random),
            _ => random.PickOf(Enum.GetValues<HCall>()),
        };
        World.Compose(cpu, guest);
        if (call == HCall.H_RTAS)
        {
            Rtas(world, cpu, guest, random, story);
            return;
        }

        story.Add($"hypercall {call}");
        bool alive = world.Uv.FindSvm(guest.Lpid)?.State != SvmState.Dead;
        world.Hypercall(cpu, guest, call, [.. Enumerable.Range(0, 9).Select(_ => Values.Number(random))]);
        if (alive && call is >= HCall.H_SVM_PAGE_IN and <= HCall.H_SVM_INIT_ABORT && (!World.InSvm(cpu) || (long)cpu.State->Gpr[3] != UReturn.U_FUNCTION))
            throw new BrokenPropertyException("code", $"{call} of an SVM was not refused");
    }

    /// <summary>An RTAS call with an argument block that may be anything, at an address that may be anything.</summary>
    public static void Rtas(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        World.Compose(cpu, guest);
        ulong address = random.OneIn(6) ? Values.Address(random) : (Guest.ArgumentFrame * World.Frame) + (ulong)(random.Below(0x3F00) * 4);

        // Anywhere else in its memory it would give away or spoil its own secrets. Real mode drops the top bits.
        if ((address << 4 >> 4) < Guest.Size && address / World.Frame != Guest.ArgumentFrame)
            address = Guest.ArgumentFrame * World.Frame;
        byte* block = world.GuestPointer(cpu, address & ~3UL, AccessKind.Store, out ulong real);
        if (block != null && (real % World.Frame) + 80 <= World.Frame)
        {
            uint arguments = random.OneIn(8) ? (uint)random.Next() : (uint)random.Below(9);
            Word(block, 0, random.OneIn(8) ? (uint)random.Next() : random.PickOf(RtasTokens.All).Token);
            Word(block, 1, arguments);
            Word(block, 2, random.OneIn(8) ? (uint)random.Next() : (uint)random.Below(9));

            // What stands behind the arguments is the guest's own affair, if the page is.
            uint behind = real >= World.SecureBase ? (uint)(Guest.SecretMark >> 32) : 0;
            for (int n = 0; n < 16; n++)
                Word(block, 3 + n, n < arguments ? Argument(random) : behind);
        }

        story.Add($"RTAS with arguments at 0x{address:x}");
        world.Hypercall(cpu, guest, HCall.H_RTAS, address);
    }

    /// <summary>sc 1 of a user program: an interrupt of the guest's own.</summary>
    public static void UserHypercall(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        story.Add("hypercall from user state");
        World.Compose(cpu, guest);
        cpu.SetMsr(World.GuestMsr | Msr.S | Msr.PR | Msr.IR | Msr.DR);
        cpu.State->Gpr[3] = (ulong)random.PickOf(Enum.GetValues<HCall>());
        bool dead = world.Uv.FindSvm(guest.Lpid)?.State == SvmState.Dead;
        cpu.Deliver(Vector.SystemCall, World.GuestCode + 4, 0, level: 1);
        if (!dead && (!World.InSvm(cpu) || (cpu.State->Nia & 0x1FFF) != (ulong)Vector.Program))
            throw new BrokenPropertyException("privilege", $"sc 1 of user state led to 0x{cpu.State->Nia:x}, MSR 0x{cpu.State->Msr:x}");
        world.Settle(cpu, guest);
    }

    /// <summary>UV_ESM, of a guest that may be an SVM already.</summary>
    public static void GoSecure(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story)
    {
        ulong kernel = random.OneIn(6) ? Values.Address(random) : Guest.KernelBase;
        ulong tree = random.OneIn(6) ? Values.Address(random) : Guest.TreeAddress;
        bool secure = World.InSvm(cpu);
        bool known = world.Uv.FindSvm(guest.Lpid) is not null;
        bool dead = secure && world.Uv.FindSvm(guest.Lpid)?.State == SvmState.Dead;
        story.Add($"UV_ESM(0x{kernel:x}, 0x{tree:x}), S={(secure ? 1 : 0)}");
        cpu.State->Nia = World.GuestCode;
        cpu.SetMsr(World.GuestMsr | (secure ? Msr.S : 0));
        long expected = kernel == 0 ? UReturn.U_P2 : tree == 0 ? UReturn.U_P3 : known ? UReturn.U_RETRY : 0;
        if (expected != 0)
        {
            long code = World.Raw(cpu, (ulong)UltraCall.UV_ESM, World.GuestCode + 4, kernel, tree);
            if (!dead && code != expected)
                throw new BrokenPropertyException("code", $"UV_ESM(0x{kernel:x}, 0x{tree:x}) gave {code}, expected {expected}");
            world.Settle(cpu, guest);
            return;
        }

        world.GuestCall(cpu, guest, new GuestTask(UltraCall.UV_ESM), (ulong)UltraCall.UV_ESM, kernel, tree);
    }

    private static uint Argument(FuzzRandom random) => random.Below(4) switch
    {
        0 => (uint)random.Below(8),
        1 => (uint)Values.Number(random) | 0x8000_0000,
        2 => (uint)((Guest.PublicFrame * World.Frame) + (ulong)random.Below(0x8000)),
        _ => (uint)random.Below(0x8000),
    };

    private static void Word(byte* block, int index, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(block + (4 * index), 4), value);
}
