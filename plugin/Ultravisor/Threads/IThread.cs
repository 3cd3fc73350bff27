using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Threads;

/// <summary>What the ultravisor needs of a hardware thread. The real one is <see cref="CpuThread"/>.</summary>
public unsafe interface IThread
{
    /// <summary>Architected state.</summary>
    CpuState* State { get; }

    /// <summary>Number for logs: PIR.</summary>
    uint Number { get; }

    /// <summary>Virtual time in ticks of the time base since power-on.</summary>
    ulong Ticks { get; }

    /// <summary>Time base as the thread sees it, with the offset that the hypervisor set for a guest.</summary>
    ulong TimeBase { get; }

    /// <summary>Decrementer, sign-extended from its width (LPCR[LD]).</summary>
    long Decrementer { get; set; }

    /// <summary>Comes before SPRs are read from <see cref="State"/>: those that are computed when software reads them are brought up to date.</summary>
    void SettleSprs();

    /// <summary>Comes after SPRs were written in <see cref="State"/>: the thread acts on what they say now.</summary>
    void FollowSprs();

    /// <summary>Clears DPDES: a pending privileged doorbell.</summary>
    void ClearDoorbell();

    /// <summary>Changes the MSR and selects the address spaces that go with it and with LPIDR, PIDR, AMR, IAMR.</summary>
    void SetMsr(ulong msr);

    /// <summary>Drops translations of a partition on this thread.</summary>
    void InvalidateTranslations(ulong lpid);

    /// <summary>Stops the machine: something happened that the architecture rules out.</summary>
    void Stop(string reason);

    /// <summary>Has the thread's run return to the host after the current instruction.</summary>
    void RequestReturn();

    /// <summary>As <see cref="RequestReturn"/>, after undoing the system call that brought the thread here: it stands at <paramref name="address"/> with its MSR, and no time has passed.</summary>
    void TakeBackSystemCall(ulong address, ulong msr);

    /// <summary>Fetches the instruction word that software with this MSR and the current LPIDR and PIDR has at an effective address; false if it does not translate.</summary>
    bool TryFetch(ulong msr, ulong address, out uint word);
}
