using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>
/// What a debugger asks: nothing here has an effect on the machine but the writes that it is named for. All of it sees secure memory; whoever shows
/// something decides what.
/// </summary>
public sealed unsafe partial class Cpu
{
    /// <summary>
    /// Translates an effective address as an access would be, without R and C, interrupts, violations or cached entries. The hypervisor's and a guest's
    /// addresses are taken as privileged with relocation on; their PID is that of this thread if it is there now, else 0 (quadrant 3 needs none). What is
    /// not mapped so is taken as the thread sees it if it is there in real mode, and as a guest kernel in real mode sees its own addresses (quadrant 3) if the
    /// thread is elsewhere: early in its life a guest has no process table.
    /// </summary>
    /// <param name="ea">Effective address.</param>
    /// <param name="kind">What access.</param>
    /// <param name="context">The world that the address is of; null or <see cref="DebugContext.Any"/>: as this thread would access it now.</param>
    /// <param name="real">Real address. That memory or a device is there is not said.</param>
    /// <param name="anyAuthority">True if the address only has to be mapped; false if the tables must allow the access.</param>
    /// <returns>False if the access would be refused.</returns>
    public bool TryTranslate(ulong ea, AccessKind kind, DebugContext? context, out ulong real, bool anyAuthority = false)
    {
        CpuState* s = State;
        var current = new TranslationRules(s->Msr, s->Spr[SprNumber.LPIDR], s->Spr[SprNumber.PIDR], Quiet: true, AnyAuthority: anyAuthority);
        if (context is not { World: not DebugWorld.Any } world)
            return TryTranslate(ea, kind, current, out real);

        // In hypervisor state LPIDR matters to quadrants 1 and 2 only.
        bool hypervisor = world.World == DebugWorld.Hypervisor;
        bool here = world.Matches(s);
        TranslationRules named = current with
        {
            Msr = Msr.SF | Msr.IR | Msr.DR | (hypervisor ? Msr.HV : 0),
            Lpid = hypervisor ? current.Lpid : world.Lpid,
            Pid = here ? current.Pid : 0,
            Keys = false,
            Segments = here,
        };
        ulong relocation = kind == AccessKind.Fetch ? Msr.IR : Msr.DR;
        if (TryTranslate(ea, kind, named, out real))
            return true;
        if (here)
            return (s->Msr & relocation) == 0 && TryTranslate(ea, kind, current, out real);
        return !hypervisor && ea >> 62 == 3 && TryTranslate(ea, kind, named with { Msr = Msr.SF }, out real);
    }

    /// <summary>
    /// Reads memory at an effective address, readable or not for the program; false, and <paramref name="bytes"/> partly filled, if a page is not mapped
    /// or not RAM.
    /// </summary>
    public bool ReadDebug(ulong ea, Span<byte> bytes, DebugContext? context = null)
    {
        while (bytes.Length > 0)
        {
            int here = ToPageEnd(ea, bytes.Length);
            if (!TryTranslate(ea, AccessKind.Load, context, out ulong real, anyAuthority: true) || !Memory.CopyOut(real, bytes[..here]))
                return false;
            bytes = bytes[here..];
            ea += (ulong)here;
        }

        return true;
    }

    /// <summary>
    /// Writes memory at an effective address, writable or not for the program, and drops code decoded from it; false, and nothing written, if a page is
    /// not mapped or not RAM.
    /// </summary>
    public bool WriteDebug(ulong ea, ReadOnlySpan<byte> bytes, DebugContext? context = null)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int here = ToPageEnd(ea + (ulong)done, bytes.Length - done);
            if (!TryTranslate(ea + (ulong)done, AccessKind.Load, context, out ulong real, anyAuthority: true) || !Memory.IsRam(real, (ulong)here))
                return false;
            done += here;
        }

        while (bytes.Length > 0)
        {
            int here = ToPageEnd(ea, bytes.Length);
            TryTranslate(ea, AccessKind.Load, context, out ulong real, anyAuthority: true);
            Memory.CopyIn(real, bytes[..here]);
            bytes = bytes[here..];
            ea += (ulong)here;
        }

        return true;
    }

    /// <summary>Value of an SPR, without any check of privilege; 0 if there is none with this number.</summary>
    public ulong ReadSpr(int number)
    {
        if (SprTable.Find(number) is not { } row || row.Number != number)
            return 0;
        return number switch
        {
            // Write-only for software.
            SprNumber.TBL => (uint)TimeBase,
            SprNumber.TBU => TimeBase >> 32,
            SprNumber.TBU40 => TimeBase & ~0xFFFFFFUL,
            _ => row.Special ? ReadSpecialSpr(number) : State->Spr[number],
        };
    }

    /// <summary>
    /// Gives an SPR a value, without any check of privilege and with the effects that mtspr has; <see cref="ReadSpr"/> then gives it back as far as the
    /// register has its bits. Nothing happens if there is none with this number.
    /// </summary>
    public void WriteSpr(int number, ulong value)
    {
        if (SprTable.Find(number) is not { } row || row.Number != number)
            return;
        CpuState* s = State;
        switch (number)
        {
            // Read-only names of registers.
            case SprNumber.TB_Read:
                SetTimeBase(value);
                break;
            case SprNumber.TBU_Read:
                WriteSpecialSpr(SprNumber.TBU, value);
                break;
            case SprNumber.CTRL_Read:
                s->Spr[SprNumber.CTRL] = value;
                break;
            case SprNumber.USPRG3:
                s->Spr[SprNumber.SPRG3] = value;
                break;

            // mtspr sets or clears bits here, or only those that another register allows.
            case SprNumber.HMER:
                s->Spr[SprNumber.HMER] = value;
                break;
            case SprNumber.UAMR:
                WriteSpecialSpr(SprNumber.AMR, value);
                break;
            case SprNumber.BESCRS:
            case SprNumber.BESCRR:
                s->Spr[SprNumber.BESCR] = value;
                break;
            case SprNumber.BESCRSU:
            case SprNumber.BESCRRU:
                s->Spr[SprNumber.BESCR] = (uint)s->Spr[SprNumber.BESCR] | (value << 32);
                break;
            default:
                if (row.Special)
                    WriteSpecialSpr(number, value);
                else
                    s->Spr[number] = value;
                break;
        }
    }

    private static int ToPageEnd(ulong ea, int length) => (int)Math.Min((ulong)length, 0x1000 - (ea & 0xFFF));

    private bool TryTranslate(ulong ea, AccessKind kind, in TranslationRules rules, out ulong real)
    {
        Translate((rules.Msr & Msr.SF) == 0 ? (uint)ea : ea, kind, rules, out Translation translation);
        real = translation.Real;
        return translation.Fault == TranslationFault.None;
    }
}
