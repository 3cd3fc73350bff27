using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor.Svms;

/// <summary>Register image of a guest CPU while the hypervisor runs.</summary>
internal sealed unsafe class GuestRegisters
{
    private const int VsrDoublewords = 128;

    private readonly ulong[] sprs = new ulong[HiddenSprs.All.Length];
    private readonly ulong[] vsr = new ulong[VsrDoublewords];
    private uint cr;
    private ulong xer;
    private ulong fpscr;
    private uint vscr;

    /// <summary>GPR 0..31.</summary>
    public ulong[] Gpr { get; } = new ulong[32];

    /// <summary>Where the guest goes on.</summary>
    public ulong Nia { get; set; }

    /// <summary>Its MSR.</summary>
    public ulong Msr { get; set; }

    /// <summary>Partition.</summary>
    public ulong Lpid { get; set; }

    /// <summary>Process.</summary>
    public ulong Pid { get; set; }

    /// <summary>Time base at which its decrementer passes zero.</summary>
    public ulong DecrementerExpiry { get; set; }

    /// <summary>SRR0 of the guest.</summary>
    public ulong Srr0
    {
        get => sprs[HiddenSprs.Srr0];
        set => sprs[HiddenSprs.Srr0] = value;
    }

    /// <summary>SRR1 of the guest.</summary>
    public ulong Srr1
    {
        get => sprs[HiddenSprs.Srr0 + 1];
        set => sprs[HiddenSprs.Srr0 + 1] = value;
    }

    /// <summary>Sets one of the <see cref="HiddenSprs"/>.</summary>
    public void SetHidden(int spr, ulong value) => sprs[Array.FindIndex(HiddenSprs.All, entry => entry.Spr == spr)] = value;

    /// <summary>Takes the image from a thread.</summary>
    public void Save(IThread thread, ulong nia, ulong msr)
    {
        CpuState* s = thread.State;
        for (int n = 0; n < Gpr.Length; n++)
            Gpr[n] = s->Gpr[n];
        thread.SettleSprs();
        for (int n = 0; n < sprs.Length; n++)
            sprs[n] = s->Spr[HiddenSprs.All[n].Spr];
        new ReadOnlySpan<ulong>(s->Vsr, VsrDoublewords).CopyTo(vsr);
        cr = s->CrWord;
        xer = s->Xer;
        fpscr = s->Fpscr;
        vscr = s->Vscr;
        Nia = nia;
        Msr = msr;
        Lpid = s->Spr[SprNumber.LPIDR];
        Pid = s->Spr[SprNumber.PIDR];
        DecrementerExpiry = thread.TimeBase + (ulong)thread.Decrementer;
    }

    /// <summary>Puts the image back, except NIA and MSR.</summary>
    public void Load(IThread thread)
    {
        CpuState* s = thread.State;
        for (int n = 0; n < Gpr.Length; n++)
            s->Gpr[n] = Gpr[n];
        for (int n = 0; n < sprs.Length; n++)
            s->Spr[HiddenSprs.All[n].Spr] = sprs[n];
        thread.FollowSprs();
        vsr.CopyTo(new Span<ulong>(s->Vsr, VsrDoublewords));
        s->CrWord = cr;
        s->Xer = xer;
        s->Fpscr = fpscr;
        s->Vscr = vscr;
        thread.Decrementer = (long)(DecrementerExpiry - thread.TimeBase);
    }

    /// <summary>Leaves nothing of the guest in a thread.</summary>
    public static void Scrub(IThread thread)
    {
        CpuState* s = thread.State;
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = 0;
        foreach ((int spr, ulong seen) in HiddenSprs.All)
            s->Spr[spr] = seen;
        thread.FollowSprs();
        new Span<ulong>(s->Vsr, VsrDoublewords).Clear();
        s->CrWord = 0;
        s->Xer = 0;
        s->Fpscr = 0;
        s->Vscr = 0;
        s->ReserveValid = 0;
    }

    public void Save(SnapshotWriter writer)
    {
        writer.WriteAll(Gpr);
        writer.Write(sprs.Length);
        writer.WriteAll(sprs);
        writer.WriteAll(vsr);
        writer.Write(cr);
        writer.Write(xer);
        writer.Write(fpscr);
        writer.Write(vscr);
        writer.Write(Nia);
        writer.Write(Msr);
        writer.Write(Lpid);
        writer.Write(Pid);
        writer.Write(DecrementerExpiry);
    }

    public void Load(SnapshotReader reader)
    {
        reader.ReadAll(Gpr);
        int count = reader.ReadInt32();
        if (count != sprs.Length)
            throw reader.Problem($"{count} hidden SPRs, this program hides {sprs.Length}");
        reader.ReadAll(sprs);
        reader.ReadAll(vsr);
        cr = reader.ReadUInt32();
        xer = reader.ReadUInt64();
        fpscr = reader.ReadUInt64();
        vscr = reader.ReadUInt32();
        Nia = reader.ReadUInt64();
        Msr = reader.ReadUInt64();
        Lpid = reader.ReadUInt64();
        Pid = reader.ReadUInt64();
        DecrementerExpiry = reader.ReadUInt64();
    }
}
