using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>What a hypervisor that may be malicious does. Split by concern: its calls here, guest CPUs (Guests), its memory and devices (Memory).</summary>
internal static unsafe partial class HypervisorActs
{
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
            _ => (1UL << 63) | TableArea.RootBits | (Values.Address(random) & 0x0FFFFFFFFFFFF000),
        };
        Tell(world, cpu, story, UltraCall.UV_WRITE_PATE, Values.Lpid(random), dw0, Values.Address(random));
    }

    /// <summary>Ends an SVM, whoever runs.</summary>
    public static void Terminate(World world, Cpu cpu, FuzzRandom random, Story story) =>
        Tell(world, cpu, story, UltraCall.UV_SVM_TERMINATE, Values.Lpid(random));

    private static void Tell(World world, Cpu cpu, Story story, UltraCall call, params ulong[] arguments)
    {
        story.Add(() => World.Text(call, arguments));
        long code = world.Call(cpu, call, arguments);
        story.Add(() => $" -> {UReturn.Text(code)}");
    }
}
