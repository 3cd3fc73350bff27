using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Threads;

/// <summary>A <see cref="Cpu"/> as the ultravisor sees it.</summary>
public sealed unsafe class CpuThread(Cpu cpu) : IThread
{
    /// <inheritdoc/>
    public CpuState* State => cpu.State;

    /// <inheritdoc/>
    public uint Number => cpu.Pir;

    /// <inheritdoc/>
    public ulong Ticks => cpu.Ticks;

    /// <inheritdoc/>
    public ulong TimeBase => cpu.TimeBase;

    /// <inheritdoc/>
    public long Decrementer
    {
        get
        {
            ulong value = cpu.ReadSpecialSpr(SprNumber.DEC);
            return IsLarge ? (long)value : (int)value;
        }

        // A small decrementer can't hold more than 31 bits either way.
        set => cpu.WriteSpecialSpr(SprNumber.DEC, (ulong)(IsLarge ? value : Math.Clamp(value, int.MinValue, int.MaxValue)));
    }

    private bool IsLarge => (State->Spr[SprNumber.LPCR] & Lpcr.LD) != 0;

    /// <inheritdoc/>
    public void SettleSprs() => cpu.SettleSprs();

    /// <inheritdoc/>
    public void FollowSprs() => cpu.FollowSprs();

    /// <inheritdoc/>
    public void ClearDoorbell() => cpu.WriteSpecialSpr(SprNumber.DPDES, 0);

    /// <inheritdoc/>
    public void SetMsr(ulong msr) => cpu.SetMsr(msr);

    /// <inheritdoc/>
    public void InvalidateTranslations(ulong lpid) => cpu.InvalidateTranslations(lpid);

    /// <inheritdoc/>
    public void Stop(string reason) => cpu.CheckStop(reason);

    /// <inheritdoc/>
    public void RequestReturn() => cpu.RequestReturn();

    /// <inheritdoc/>
    public void TakeBackSystemCall(ulong address, ulong msr) => cpu.TakeBackSystemCall(address, msr);

    /// <inheritdoc/>
    public bool TryFetch(ulong msr, ulong address, out uint word)
    {
        ulong own = State->Msr;
        cpu.SetMsr(msr);
        cpu.Translate(address, AccessKind.Fetch, out Translation translation);
        cpu.SetMsr(own);
        word = 0;
        if (translation.Fault != TranslationFault.None)
            return false;
        byte* bytes = cpu.Memory.Pointer(translation.Real, sizeof(uint));
        if (bytes == null)
            return false;
        word = *(uint*)bytes;
        if ((msr & Msr.LE) == 0)
            word = BinaryPrimitives.ReverseEndianness(word);
        return true;
    }
}
