using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>What a hypervisor that may be malicious does.</summary>
internal static unsafe class HypervisorActs
{
    /// <summary>Serves a guest CPU as Linux would.</summary>
    public static void Serve(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        if (world.Exits.Count == 0)
        {
            Enter(world, cpu, random, story);
            return;
        }

        Exit exit = random.PickOf(world.Exits);
        story.Add($"serves {Of(exit)}");
        world.Return(cpu, exit, Kvm.Serve(world, cpu, exit));
    }

    /// <summary>Answers a guest CPU without having done what it asked for, or after something else.</summary>
    public static void ServeBadly(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        if (world.Exits.Count == 0)
            return;
        Exit exit = random.PickOf(world.Exits);
        story.Add($"serves {Of(exit)} badly: ");
        if (random.OneIn(2))
            Kvm.Serve(world, cpu, exit);
        if (random.OneIn(3))
            MutatedPageCall(world, cpu, random, story);
        long result = random.Pick<long>(0, 0, 1, -1, UReturn.U_PARAMETER, UReturn.U_RETRY, UReturn.U_P2, (long)Values.Number(random));
        story.Add($", answers {result}");
        world.Return(cpu, exit, result, () =>
        {
            for (int n = 4; n <= 12; n++)
                cpu.State->Gpr[n] = Values.Number(random);
        });
    }

    /// <summary>UV_RETURN with a register image that no sane hypervisor makes.</summary>
    public static void ReturnWildly(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        if (world.Exits.Count > 0 && !random.OneIn(6))
        {
            Exit exit = random.PickOf(world.Exits);
            story.Add($"returns to {Of(exit)}");
            world.Return(cpu, exit, (long)Values.Number(random), () => Change(cpu.State));
            return;
        }

        story.Add("returns to nobody");
        World.ToHypervisor(cpu);
        for (int n = 0; n < 32; n++)
            cpu.State->Gpr[n] = Values.Number(random);
        cpu.WriteSpecialSpr(SprNumber.LPIDR, Values.Lpid(random));
        Change(cpu.State);
        world.ReturnAsIs(cpu);

        void Change(CpuState* s)
        {
            for (int changes = random.Below(4); changes > 0; changes--)
            {
                switch (random.Below(10))
                {
                    case 0:
                        s->Gpr[31] ^= 1UL << random.Below(64);
                        story.Add(", forged cookie");
                        break;
                    case 1:
                        s->Gpr[31] = world.Exits.Count > 0 ? random.PickOf(world.Exits).Cookie : Values.Number(random);
                        story.Add(", other cookie");
                        break;
                    case 2:
                        cpu.WriteSpecialSpr(SprNumber.LPIDR, Values.Lpid(random));
                        story.Add($", LPIDR {s->Spr[SprNumber.LPIDR]}");
                        break;
                    case 3:
                        cpu.WriteSpecialSpr(SprNumber.PIDR, Values.Number(random));
                        story.Add($", PIDR {s->Spr[SprNumber.PIDR]}");
                        break;
                    case 4:
                        s->Spr[SprNumber.HSRR0] = Values.Address(random);
                        story.Add($", HSRR0 0x{s->Spr[SprNumber.HSRR0]:x}");
                        break;
                    case 5:
                        s->Spr[SprNumber.HSRR0] = ((ulong)random.Below(0x100) * 0x20) + random.Pick<ulong>(0, 0xC000000000004000);
                        story.Add($", HSRR0 0x{s->Spr[SprNumber.HSRR0]:x}");
                        break;
                    case 6:
                        s->Spr[SprNumber.HSRR1] = Values.Number(random);
                        break;
                    case 7:
                        s->Gpr[2] = Values.Number(random);
                        break;
                    case 8:
                        s->Gpr[0] = Values.Number(random);
                        break;
                    default:
                        s->Gpr[4 + random.Below(28)] = Values.Number(random);
                        break;
                }
            }
        }
    }

    /// <summary>A page call on a frame of an SVM, with arguments that make sense.</summary>
    public static void PageCall(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong lpid = (ulong)(1 + random.Below(World.GuestCount));
        ulong gpa = (ulong)(random.OneIn(2) ? Guest.PickSecretFrame(random) : random.Below(Guest.FrameCount)) * World.Frame;
        ulong page = random.OneIn(4) ? World.OwnPage(random) : World.PageOf(lpid, gpa);
        switch (random.Below(5))
        {
            case 0:
                Tell(world, cpu, story, UltraCall.UV_PAGE_INVAL, lpid, gpa, 16);
                break;
            case 1 or 2:
                Tell(world, cpu, story, UltraCall.UV_PAGE_OUT, lpid, page, gpa, 0, 16);
                break;
            default:
                Tell(world, cpu, story, UltraCall.UV_PAGE_IN, lpid, page, gpa, 0, 16);
                break;
        }
    }

    /// <summary>A page call whose arguments may be anything.</summary>
    public static void MutatedPageCall(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong real = random.OneIn(3) ? Values.Address(random) : World.OwnPage(random);
        ulong gpa = Values.Address(random);
        UltraCall call = random.Pick(UltraCall.UV_PAGE_IN, UltraCall.UV_PAGE_OUT, UltraCall.UV_PAGE_INVAL);
        if (call == UltraCall.UV_PAGE_INVAL)
            Tell(world, cpu, story, call, Values.Lpid(random), gpa, Values.Order(random));
        else
            Tell(world, cpu, story, call, Values.Lpid(random), real, gpa, random.OneIn(4) ? Values.Number(random) : 0, Values.Order(random));
    }

    /// <summary>Any call of the hypervisor that is answered at once, with any arguments.</summary>
    public static void AnyCall(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        UltraCall call = random.PickOf(Enum.GetValues<UltraCall>());
        if (call is UltraCall.UV_RETURN or UltraCall.UV_SVM_TERMINATE)
            return;
        var arguments = new ulong[5];
        arguments[0] = random.OneIn(2) ? Values.Lpid(random) : Values.Number(random);
        for (int n = 1; n < arguments.Length; n++)
            arguments[n] = Values.Number(random);
        Tell(world, cpu, story, call, arguments);
    }

    /// <summary>A number that is no ultracall.</summary>
    public static void UnknownCall(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong number = random.OneIn(2) ? 0xF100 + (ulong)random.Below(0x80) : Values.Number(random);
        if (Enum.IsDefined((UltraCall)number))
            return;
        story.Add($"calls 0x{number:x}");
        World.ToHypervisor(cpu);
        long code = World.Raw(cpu, number, World.HypervisorCode, Values.Number(random), Values.Number(random));
        if (code != UReturn.U_FUNCTION)
            throw new BrokenPropertyException("code", $"ultracall 0x{number:x} gave {code}");
    }

    /// <summary>An ultracall from a program of the hypervisor's: never allowed.</summary>
    public static void UserCall(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        UltraCall call = random.PickOf(Enum.GetValues<UltraCall>());
        story.Add($"{call} from user state");
        cpu.SetMsr(World.HypervisorMsr | Msr.PR | Msr.EE | Msr.IR | Msr.DR);
        long code = World.Raw(cpu, (ulong)call, World.HypervisorCode, Values.Lpid(random), Values.Address(random), Values.Address(random), 0, 16);
        World.ToHypervisor(cpu);
        if (code != UReturn.U_PERMISSION)
            throw new BrokenPropertyException("code", $"{call} from user state gave {code}");
    }

    /// <summary>Slots that overlap, wrap, lie at the edges, or are fine.</summary>
    public static void Slot(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong lpid = Values.Lpid(random);
        ulong id = random.OneIn(8) ? Values.Number(random) : (ulong)random.Below(6);
        if (random.OneIn(3))
        {
            Tell(world, cpu, story, UltraCall.UV_UNREGISTER_MEM_SLOT, lpid, id);
            return;
        }

        ulong gpa = random.OneIn(2) ? Values.Address(random) & ~(World.Frame - 1) : Values.Address(random);
        ulong size = random.OneIn(3) ? Values.Address(random) : (ulong)random.Below(Guest.FrameCount) * World.Frame;
        Tell(world, cpu, story, UltraCall.UV_REGISTER_MEM_SLOT, lpid, gpa, size, random.OneIn(8) ? Values.Number(random) : 0, id);
    }

    /// <summary>Takes a guest's memory away and gives it back empty, whatever is under way in it.</summary>
    public static void Reslot(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong lpid = (ulong)(1 + random.Below(World.GuestCount));
        Tell(world, cpu, story, UltraCall.UV_UNREGISTER_MEM_SLOT, lpid, 0);
        Tell(world, cpu, story, UltraCall.UV_REGISTER_MEM_SLOT, lpid, 0, Guest.Size, 0, 0);
    }

    /// <summary>Partition table entries that point anywhere.</summary>
    public static void Pate(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong dw0 = random.Below(4) switch
        {
            0 => Values.Number(random),
            1 when world.Uv.Svms.Any() => random.PickOf(world.Uv.Svms.ToArray()).Tree.Pate0,
            _ => 0xA0000000000000AD | (Values.Address(random) & ~0xFFFUL & 0x0FFFFFFFFFFFFFFF),
        };
        Tell(world, cpu, story, UltraCall.UV_WRITE_PATE, Values.Lpid(random), dw0, Values.Address(random));
    }

    /// <summary>Ends an SVM, whoever runs.</summary>
    public static void Terminate(World world, Cpu cpu, FuzzRandom random, Story story) =>
        Tell(world, cpu, story, UltraCall.UV_SVM_TERMINATE, Values.Lpid(random));

    /// <summary>Changes its own memory behind the guests: bits, whole pages, exchanged pages.</summary>
    public static void Tamper(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong first = Behind(random);
        ulong second = Behind(random);
        switch (random.Below(4))
        {
            case 0 or 1:
                int bit = random.Below(8 * (int)World.Frame);
                story.Add($"flips bit {bit} of page 0x{first:x}");
                world.Page(first)[bit / 8] ^= (byte)(1 << (bit % 8));
                world.Memory.InvalidateCode(first, World.Frame);
                break;
            case 2:
                story.Add($"copies page 0x{first:x} to 0x{second:x}");
                world.Page(first).CopyTo(world.Page(second));
                world.Memory.InvalidateCode(second, World.Frame);
                break;
            default:
                story.Add($"exchanges pages 0x{first:x} and 0x{second:x}");
                byte[] kept = world.Page(first).ToArray();
                world.Page(second).CopyTo(world.Page(first));
                kept.CopyTo(world.Page(second));
                world.Memory.InvalidateCode(first, World.Frame);
                world.Memory.InvalidateCode(second, World.Frame);
                break;
        }
    }

    /// <summary>Starts a CPU that a guest asked RTAS for: QEMU finds the cookie in the shared arguments.</summary>
    public static void StartCpu(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        if (world.Exits.FirstOrDefault(e => e.IsCall && e.Call == HCall.H_RTAS) is not { } exit || exit.Gpr[4] >= Guest.Size)
            return;
        ulong real = World.PageOf(exit.Guest.Lpid, exit.Gpr[4]);
        ReadOnlySpan<byte> block = world.Page(real & ~(World.Frame - 1))[(int)(real % World.Frame)..];
        if (block.Length < 24)
            return;
        story.Add($"starts a CPU of LPID {exit.Guest.Lpid}");
        World.ToHypervisor(cpu);
        CpuState* s = cpu.State;
        cpu.WriteSpecialSpr(SprNumber.LPIDR, exit.Guest.Lpid);
        cpu.WriteSpecialSpr(SprNumber.PIDR, exit.Guest.Pid);
        s->Gpr[0] = BinaryPrimitives.ReadUInt32BigEndian(block[20..]);
        s->Gpr[31] = random.OneIn(4) ? random.PickOf(world.Exits).Cookie : 0;
        s->Spr[SprNumber.HSRR0] = BinaryPrimitives.ReadUInt32BigEndian(block[16..]);
        world.ReturnAsIs(cpu);
    }

    /// <summary>Lets a guest run: one that is no SVM goes secure, again and again.</summary>
    public static void Enter(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        Guest guest = random.PickOf(world.Guests);
        story.Add($"enters LPID {guest.Lpid} with S=0");
        if (world.Uv.FindSvm(guest.Lpid) is null && random.OneIn(2))
            world.WriteTree(guest, damage: random.OneIn(3) ? random : null);
        World.EnterNormalGuest(cpu, guest);
    }

    /// <summary>A guest that was killed begins a new life: without it a case would soon have nobody left.</summary>
    public static void Revive(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        if (world.Guests.FirstOrDefault(g => world.Uv.FindSvm(g.Lpid)?.State is SvmState.Dead or SvmState.Aborting) is not { } guest)
        {
            Serve(world, cpu, random, story);
            return;
        }

        story.Add($"destroys LPID {guest.Lpid} and starts it anew");
        world.Call(cpu, UltraCall.UV_SVM_TERMINATE, guest.Lpid);
        Kvm.MakeSecure(world, cpu, guest);
    }

    /// <summary>A device reads or writes anywhere.</summary>
    public static void Dma(World world, Cpu cpu, FuzzRandom random, Story story)
    {
        ulong real = Values.Address(random);
        ulong length = random.OneIn(2) ? Values.Number(random) : (ulong)random.Below(0x20000);
        story.Add($"DMA of 0x{length:x} bytes at 0x{real:x}");
        UInt128 end = (UInt128)real + length;
        bool touches = length > 0 && real < World.SecureBase + world.SecureSize && end > World.SecureBase;

        // Behind the end of the address space there is nothing to be had.
        bool wraps = end > (UInt128)ulong.MaxValue + 1;
        bool allowed = world.Uv.Controller.AllowDma(real, length, random.OneIn(2));
        if (allowed && (touches || wraps))
            throw new BrokenPropertyException("DMA", $"0x{length:x} bytes at 0x{real:x} were allowed");
        if (!allowed && !touches && !wraps)
            throw new BrokenPropertyException("DMA", $"0x{length:x} bytes at 0x{real:x} of normal memory were refused");
    }

    private static ulong Behind(FuzzRandom random) =>
        random.OneIn(3) ? World.OwnPage(random) : World.PageOf((ulong)(1 + random.Below(World.GuestCount)), (ulong)random.Below(Guest.FrameCount) * World.Frame);

    private static string Of(Exit exit) => exit.IsCall ? $"LPID {exit.Guest.Lpid} {exit.Call}(0x{exit.Gpr[4]:x})" : $"LPID {exit.Guest.Lpid} at 0x{exit.Vector:x}";

    private static void Tell(World world, Cpu cpu, Story story, UltraCall call, params ulong[] arguments)
    {
        story.Add(() => World.Text(call, arguments));
        long code = world.Call(cpu, call, arguments);
        story.Add(() => $" -> {UReturn.Text(code)}");
    }
}
