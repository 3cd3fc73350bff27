using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>The hypervisor's part as Linux plays it (arch/powerpc/kvm/book3s_hv_uvmem.c), as far as the ultravisor sees it.</summary>
internal static class Kvm
{
    /// <summary>Serves a hypercall of a guest; the result for UV_RETURN.</summary>
    public static long Serve(World world, Cpu cpu, Exit exit)
    {
        if (!exit.IsCall)
            return 0;
        ulong lpid = exit.Guest.Lpid;
        ulong gpa = exit.Gpr[4];
        switch (exit.Call)
        {
            case HCall.H_SVM_INIT_START:
                return world.Call(cpu, UltraCall.UV_REGISTER_MEM_SLOT, lpid, 0, Guest.Size, 0, 0) == 0 ? 0 : UReturn.U_PARAMETER;
            case HCall.H_SVM_PAGE_IN:
                if (gpa >= Guest.Size || world.Uv.FindSvm(lpid) is not { } svm)
                    return UReturn.U_PARAMETER;
                if (svm.FindSlot(gpa) is not null && svm.Frame(gpa).State == PageState.HV_UNSHARING)
                    world.Call(cpu, UltraCall.UV_PAGE_INVAL, lpid, gpa, 16);
                return world.Call(cpu, UltraCall.UV_PAGE_IN, lpid, World.PageOf(lpid, gpa), gpa, 0, 16) == 0 ? 0 : UReturn.U_PARAMETER;
            default:
                return 0;
        }
    }

    /// <summary>Serves a guest CPU until it runs, or so many times.</summary>
    public static void ServeToTheEnd(World world, Cpu cpu, Guest guest, int limit = 200)
    {
        for (; limit > 0 && World.InHypervisor(cpu) && world.Exits.LastOrDefault(e => e.Guest == guest) is { } exit; limit--)
            world.Return(cpu, exit, Serve(world, cpu, exit));
    }

    /// <summary>Makes a guest an SVM on a CPU, with its tree in place.</summary>
    public static void MakeSecure(World world, Cpu cpu, Guest guest)
    {
        world.WriteTree(guest);
        World.EnterNormalGuest(cpu, guest);
        world.GuestCall(cpu, guest, new GuestTask(UltraCall.UV_ESM), (ulong)UltraCall.UV_ESM, Guest.KernelBase, Guest.TreeAddress);
        ServeToTheEnd(world, cpu, guest);
    }
}
