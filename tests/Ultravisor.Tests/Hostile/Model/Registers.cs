using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>Registers of a guest CPU, all of which hold its secret: none may be seen or changed by the hypervisor.</summary>
internal sealed unsafe class Registers
{
    private const int VsrDoublewords = 128;

    // What a guest can write and the firmware leaves to the hypervisor, which needs it to run the CPU (UV:core/masked-sprs-raw.h has no row for it),
    // registers of facilities that this CPU does not have, and what only names state of the thread.
    private static readonly int[] Open =
    [
        SprNumber.CTRL, SprNumber.FSCR, SprNumber.GSR, SprNumber.WORT, SprNumber.BESCR, SprNumber.TFHAR, SprNumber.TFIAR, SprNumber.TEXASR,
    ];

    private static readonly int[] Secret =
        [.. SprTable.Rows.Where(row => row is { Special: false, Write: <= Power9.Isa.Privilege.Privileged }).Select(row => row.Number).Except(Open)];

    private readonly ulong[] gpr = new ulong[32];
    private readonly ulong[] spr = new ulong[Secret.Length];
    private readonly ulong[] vsr = new ulong[VsrDoublewords];

    /// <summary>Fills a CPU with a guest's secret and notes it; registers of a call's arguments are set after that.</summary>
    public static void Plant(CpuState* s, ulong secret)
    {
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = secret;
        foreach (int number in Secret)
            s->Spr[number] = secret;
        new Span<ulong>(s->Vsr, VsrDoublewords).Fill(secret);
        s->CrWord = (uint)secret;
    }

    public static Registers Of(CpuState* s)
    {
        var image = new Registers();
        new ReadOnlySpan<ulong>(s->Gpr, 32).CopyTo(image.gpr);
        for (int n = 0; n < Secret.Length; n++)
            image.spr[n] = s->Spr[Secret[n]];
        new ReadOnlySpan<ulong>(s->Vsr, VsrDoublewords).CopyTo(image.vsr);
        return image;
    }

    /// <summary>The hypervisor must not see any guest's secret in a register.</summary>
    public static void ExpectNoSecret(CpuState* s, uint cpu)
    {
        Expect(new ReadOnlySpan<ulong>(s->Gpr, 32), "GPR");
        Expect(new ReadOnlySpan<ulong>(s->Spr, 1024), "SPR");
        Expect(new ReadOnlySpan<ulong>(s->Vsr, VsrDoublewords), "doubleword of VSRs");

        void Expect(ReadOnlySpan<ulong> values, string what)
        {
            for (int n = 0; n < values.Length; n++)
            {
                if (Guest.IsSecret(values[n]))
                    throw new BrokenPropertyException("secrecy", $"CPU {cpu} with S=0 holds 0x{values[n]:x} in {what} {n}");
            }
        }
    }

    /// <summary>After UV_RETURN: only R3 to R12 may differ, and those only if a hypercall was answered.</summary>
    /// <param name="s">State of the CPU that runs the guest again.</param>
    /// <param name="answered">The guest had made a hypercall, or an access to a device.</param>
    /// <param name="interrupted">The exit or an injected interrupt changed the guest's own interrupt registers.</param>
    public void ExpectIn(CpuState* s, bool answered, bool interrupted)
    {
        for (int n = 0; n < 32; n++)
        {
            if (s->Gpr[n] != gpr[n] && !(answered && n is >= 3 and <= 12))
                throw new BrokenPropertyException("registers", $"UV_RETURN changed GPR {n} of the guest from 0x{gpr[n]:x} to 0x{s->Gpr[n]:x}");
        }

        for (int n = 0; n < Secret.Length; n++)
        {
            bool free = interrupted && Secret[n] is SprNumber.SRR0 or SprNumber.SRR1 or SprNumber.DAR or SprNumber.DSISR;
            if (s->Spr[Secret[n]] != spr[n] && !free)
                throw new BrokenPropertyException("registers", $"UV_RETURN changed SPR {Secret[n]} of the guest from 0x{spr[n]:x} to 0x{s->Spr[Secret[n]]:x}");
        }

        if (!new ReadOnlySpan<ulong>(s->Vsr, VsrDoublewords).SequenceEqual(vsr))
            throw new BrokenPropertyException("registers", "UV_RETURN changed a VSR of the guest");
    }
}
