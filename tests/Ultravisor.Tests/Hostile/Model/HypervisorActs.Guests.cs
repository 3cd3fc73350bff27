using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Guest CPUs that the hypervisor serves, well or badly, starts and ends.</summary>
internal static unsafe partial class HypervisorActs
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

    private static string Of(Exit exit) => exit.IsCall ? $"LPID {exit.Guest.Lpid} {exit.Call}(0x{exit.Gpr[4]:x})" : $"LPID {exit.Guest.Lpid} at 0x{exit.Vector:x}";
}
