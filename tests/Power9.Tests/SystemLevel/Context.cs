using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Where a test's instructions execute.</summary>
/// <param name="Name">For test names.</param>
/// <param name="Msr">MSR.</param>
/// <param name="CodeAddress">Effective address of the instructions.</param>
/// <param name="CodeReal">Real address of the same place.</param>
public sealed record Context(string Name, ulong Msr, ulong CodeAddress, ulong CodeReal)
{
    private const ulong Kernel = BareMachine.KernelBase + BareMachine.Code;
    private const ulong User = BareMachine.UserBase + BareMachine.Code;
    private const ulong InGuest = BareMachine.GuestBase + BareMachine.Code;
    private const ulong InSecureGuest = BareMachine.SecureGuestBase + BareMachine.Code;

    public static readonly Context HostReal = new("host real", BareMachine.HypervisorMsr, BareMachine.Code, BareMachine.Code);
    public static readonly Context HostKernel = new("host kernel", BareMachine.HypervisorMsr | BareMachine.Relocated, Kernel, BareMachine.Code);
    public static readonly Context HostUser = new("host user", BareMachine.HypervisorMsr | BareMachine.Problem, User, BareMachine.Code);
    public static readonly Context GuestReal = new("guest real", BareMachine.GuestMsr, BareMachine.Code, InGuest);
    public static readonly Context GuestKernel = new("guest kernel", BareMachine.GuestMsr | BareMachine.Relocated, Kernel, InGuest);
    public static readonly Context GuestUser = new("guest user", BareMachine.GuestMsr | BareMachine.Problem, User, InGuest);
    public static readonly Context SvmReal = new("SVM real", GuestReal.Msr | Power9.State.Msr.S, BareMachine.Code, InSecureGuest);
    public static readonly Context SvmKernel = new("SVM kernel", GuestKernel.Msr | Power9.State.Msr.S, Kernel, InSecureGuest);
    public static readonly Context SvmUser = new("SVM user", GuestUser.Msr | Power9.State.Msr.S, User, InSecureGuest);

    /// <summary>URMOR is the base of secure memory.</summary>
    public static readonly Context Ultravisor = new(
        "ultravisor", Power9.State.Msr.SF | Power9.State.Msr.HV | Power9.State.Msr.S | Power9.State.Msr.ME | Power9.State.Msr.LE, BareMachine.Code, BareMachine.SecureBase + BareMachine.Code);

    /// <summary>An SVM's LPID is not the normal guest's.</summary>
    public bool IsSvm => (Msr & (Power9.State.Msr.S | Power9.State.Msr.HV)) == Power9.State.Msr.S;

    public override string ToString() => Name;
}
