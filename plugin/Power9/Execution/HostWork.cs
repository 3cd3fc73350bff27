using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>What the host does for a CPU, for profiles: <see cref="CpuState.Work"/>. Nothing of the machine depends on it.</summary>
public enum HostWork : byte
{
    /// <summary>Not in <see cref="Cpu.Execute"/>.</summary>
    None,

    /// <summary>Handlers, one instruction after another, and what runs begin and end with.</summary>
    Interpreter,

    /// <summary>Translated code.</summary>
    Translated,

    /// <summary>Recording and installing of traces.</summary>
    Translator,

    /// <summary>Decoding of a word when it is first reached.</summary>
    Decoding,

    /// <summary>The slow path of loads and stores, without what follows here.</summary>
    Access,

    /// <summary>Translation that no TLB had.</summary>
    TableWalk,

    /// <summary>tlbie and the like.</summary>
    Invalidation,

    /// <summary>Taking an interrupt.</summary>
    Interrupt,

    /// <summary>A device's registers.</summary>
    Device,

    /// <summary>A call of firmware (OPAL).</summary>
    Firmware,

    /// <summary>Exits of SVMs to the hypervisor, and UV_RETURN.</summary>
    Reflection,

    /// <summary>UV_PAGE_IN but its decryption.</summary>
    PageIn,

    /// <summary>UV_PAGE_OUT but its encryption.</summary>
    PageOut,

    /// <summary>Encryption and decryption of pages.</summary>
    PageCrypto,

    /// <summary>All other ultracalls.</summary>
    UltraCall,

    /// <summary>Samples of a profile.</summary>
    Sampling,
}

/// <summary>Setting of <see cref="CpuState.Work"/>.</summary>
public static unsafe class HostWorkState
{
    /// <summary>From now on this; returns what it was, to be put back. Null: nobody's work.</summary>
    public static HostWork Enter(CpuState* s, HostWork work)
    {
        if (s == null)
            return HostWork.None;
        HostWork before = s->Work;
        s->Work = work;
        return before;
    }

    /// <summary>Puts back what <see cref="Enter"/> returned.</summary>
    public static void Leave(CpuState* s, HostWork before)
    {
        if (s != null)
            s->Work = before;
    }
}
