using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>What is refused, to whom it is told, and by which bits (ISA 3.0B Book III 5.7.12, 6.5.3 to 6.5.6, 6.5.16, 6.5.17).</summary>
public sealed class HashFaultTests
{
    private const ulong Place = 0x20000000;
    private const ulong NoTranslation = 0x40000000;
    private const ulong NoExecuteOrGuarded = 0x10000000;
    private const ulong Protection = 0x08000000;
    private const ulong IsStore = 0x02000000;
    private const ulong KeyProtection = 0x00200000;
    private static readonly Segment Pages = new(Place, 0x777, 16, IsLarge: false);

    /// <summary>The hypervisor's own faults are its operating system's, a guest's are the hypervisor's with LPCR[VPM]=1 only.</summary>
    [Test]
    public void APageThatIsNotThere([Values] AccessKind kind, [Values] bool vpm)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser])
        {
            using var h = new HashMachine(vpm);
            h.Load(2, Pages);
            h.Access(context, kind, Place + 0x1238).RunToInterrupt();
            Expect(h, context, kind, Place + 0x1238, NoTranslation, vpm, Pages.Descriptor);
        }
    }

    [Test]
    public void NoSegment([Values] AccessKind kind, [Values] bool vpm)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.GuestUser])
        {
            using var h = new HashMachine(vpm);
            h.Access(context, kind, Place + 0x1238).RunToInterrupt();
            if (kind == AccessKind.Fetch)
            {
                h.Machine.ExpectSrr(Vector.InstructionSegment, Place + 0x1238, 0, context.Msr);
                continue;
            }

            h.Machine.ExpectSrr(Vector.DataSegment, context.CodeAddress, 0, context.Msr);
            Assert.That(h.Machine[SprNumber.DAR], Is.EqualTo(Place + 0x1238));
        }
    }

    /// <summary>A guest's real address that its virtual real mode area does not have is the hypervisor's fault to handle whatever VPM says; ASDR has VSID 0x1FFFFFF.</summary>
    [Test]
    public void AGuestRealPageThatIsNotThere([Values] AccessKind kind, [Values] bool vpm)
    {
        using var h = new HashMachine(vpm);
        h.Access(Context.GuestReal, kind, 0x5001238).RunToInterrupt();
        Expect(h, Context.GuestReal, kind, 0x5001238, NoTranslation, vpm: true, HashMachine.Vrma.Descriptor);
        Assert.That(h.Machine[SprNumber.ASDR], Is.EqualTo(0x4001FFFFFF000100));
    }

    /// <summary>PP under key 0 and 1: which of load, store and fetch are allowed. Ks is the key of privileged, Kp of problem state (ISA 3.0B Book III 5.7.12.3).</summary>
    [TestCase(0, 0, "lsf")]
    [TestCase(0, 1, "lsf")]
    [TestCase(0, 2, "lsf")]
    [TestCase(0, 3, "lf")]
    [TestCase(0, 6, "lf")]
    [TestCase(1, 0, "")]
    [TestCase(1, 1, "lf")]
    [TestCase(1, 2, "lsf")]
    [TestCase(1, 3, "lf")]
    [TestCase(1, 6, "")]
    public void PageProtection(int key, int pp, string allowed)
    {
        ulong bits = (ulong)(uint)(pp & 3) | ((ulong)(uint)(pp >> 2) << 63);
        foreach ((Context context, ulong flag) in ((Context, ulong)[])[(Context.HostKernel, 0x800), (Context.HostUser, 0x400), (Context.GuestKernel, 0x800), (Context.GuestUser, 0x400)])
        {
            foreach ((AccessKind kind, char letter) in ((AccessKind, char)[])[(AccessKind.Load, 'l'), (AccessKind.Store, 's'), (AccessKind.Fetch, 'f')])
            {
                using var h = new HashMachine();

                // The other key is the opposite.
                Segment segment = Pages with { Flags = key == 1 ? flag : flag ^ 0xC00 };
                Try(h, segment, bits, context, kind, allowed.Contains(letter) ? null : Protection);
            }
        }
    }

    /// <summary>Nothing is fetched from no-execute and guarded pages or no-execute segments; loads and stores are not concerned.</summary>
    [TestCase(HashTable.NoExecute, 0UL)]
    [TestCase(HashTable.Guarded, 0UL)]
    [TestCase(0UL, 0x200UL)]
    public void NoExecute(ulong bits, ulong flags)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.GuestUser])
        {
            foreach (AccessKind kind in Enum.GetValues<AccessKind>())
            {
                using var h = new HashMachine();
                Try(h, Pages with { Flags = flags }, HashTable.ReadWrite | bits, context, kind, kind == AccessKind.Fetch ? NoExecuteOrGuarded : null);
            }
        }
    }

    /// <summary>A segment of which nothing may be fetched is told before its page table is searched.</summary>
    [Test]
    public void NoExecuteSegmentWithoutThePage()
    {
        using var h = new HashMachine();
        h.Load(2, Pages with { Flags = 0x200 });
        h.Access(Context.HostKernel, AccessKind.Fetch, Place).RunToInterrupt();
        Expect(h, Context.HostKernel, AccessKind.Fetch, Place, NoExecuteOrGuarded, vpm: true, 0);
    }

    /// <summary>AMR has two bits for each of 32 keys, stores first; IAMR the second of two for fetches (ISA 3.0B Book III 5.7.12.2).</summary>
    [Test]
    public void Keys([Values(0, 1, 4, 7, 8, 19, 24, 31)] int key)
    {
        ulong bits = HashTable.ReadWrite | ((ulong)(key >> 3) << 60) | ((ulong)(key & 7) << 9);
        ulong store = 1UL << (63 - (2 * key));
        ulong load = store >> 1;
        foreach (Context context in (Context[])[Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser])
        {
            Keyed(context, AccessKind.Load, ~load, 0, null);
            Keyed(context, AccessKind.Load, load, 0, KeyProtection);
            Keyed(context, AccessKind.Store, ~store, 0, null);
            Keyed(context, AccessKind.Store, store, 0, KeyProtection);
            Keyed(context, AccessKind.Fetch, ulong.MaxValue, ~load, null);
            Keyed(context, AccessKind.Fetch, 0, load, KeyProtection);
        }

        void Keyed(Context context, AccessKind kind, ulong amr, ulong iamr, ulong? cause)
        {
            using var h = new HashMachine();
            h.Load(2, Pages);

            // The instruction itself is of key 0: it executes in real mode if its own key is the matter.
            h.Machine[SprNumber.AMR] = amr;
            h.Machine[SprNumber.IAMR] = key == 0 && kind != AccessKind.Fetch ? 0 : iamr;
            Try(h, Pages, bits, context, kind, cause);
        }
    }

    /// <summary>Both reasons are told (QEMU ppc_hash64_xlate).</summary>
    [Test]
    public void KeyAndPageProtection()
    {
        using var h = new HashMachine();
        h.Machine[SprNumber.AMR] = 1UL << (63 - 6);
        Try(h, Pages, HashTable.ReadOnly | (3UL << 9), Context.HostKernel, AccessKind.Store, Protection | KeyProtection);
    }

    /// <summary>What was cached under one value of AMR does not serve under another.</summary>
    [Test]
    public void AnotherAmr()
    {
        using var h = new HashMachine();
        h.Load(2, Pages);
        h.HostTable.Map(Pages, Place, 0x50000, 16, HashTable.OpenPage | (3UL << 9));
        h.Machine.Word(0x50000) = 3;
        ulong loads = 1UL << (62 - 6);
        for (int k = 0; k < 200; k++)
        {
            // More values than the CPU gives numbers to.
            h.Machine[SprNumber.AMR] = (ulong)k << 1;
            Assert.That(h.Read(Context.HostKernel, Place), Is.EqualTo(3));
            h.Machine[SprNumber.AMR] = ((ulong)k << 1) | loads;
            h.Access(Context.HostKernel, AccessKind.Load, Place).RunToInterrupt();
            Assert.That(h.Machine[SprNumber.DSISR], Is.EqualTo(KeyProtection));
        }
    }

    [TestCase(AccessKind.Load, HashTable.Referenced)]
    [TestCase(AccessKind.Fetch, HashTable.Referenced)]
    [TestCase(AccessKind.Store, HashTable.Referenced | HashTable.Changed)]
    public void ReferenceAndChange(AccessKind kind, ulong expected)
    {
        foreach (Context context in (Context[])[Context.HostKernel, Context.GuestUser])
        {
            using var h = new HashMachine();
            h.Load(2, Pages);
            ulong entry = h.TableOf(context).Map(Pages, Place, 0x50000, 16, HashTable.ReadWrite);
            h.Machine.Put(0x50000, Assembler.Word("addi", 1, 1, 0));
            ulong before = h.HostTable.Second(entry);
            h.Access(context, kind, Place).Run(1);
            Assert.That(h.HostTable.Second(entry), Is.EqualTo(before | expected), context.Name);
        }
    }

    [Test]
    public void AStoreAfterALoadSetsChanged()
    {
        using var h = new HashMachine();
        h.Load(2, Pages);
        ulong entry = h.HostTable.Map(Pages, Place, 0x50000, 16, HashTable.ReadWrite);
        h.Access(Context.HostKernel, AccessKind.Load, Place).Run(1);
        h.Access(Context.HostKernel, AccessKind.Store, Place).Run(1);
        Assert.That(h.HostTable.Second(entry) & HashTable.Changed, Is.Not.Zero);
    }

    [Test]
    public void ARefusedAccessSetsNothing()
    {
        using var h = new HashMachine();
        h.Load(2, Pages);
        ulong entry = h.HostTable.Map(Pages, Place, 0x50000, 16, HashTable.ReadOnly);
        h.Access(Context.HostKernel, AccessKind.Store, Place).RunToInterrupt();
        Assert.That(h.HostTable.Second(entry) & (HashTable.Referenced | HashTable.Changed), Is.Zero);
    }

    /// <summary>Two entries for one address are a machine check; values as Linux's mce_p9_derror_table and mce_p9_ierror_table have them.</summary>
    [Test]
    public void TwoSegmentsForOneAddress([Values] AccessKind kind)
    {
        using var h = new HashMachine();
        h.Load(2, Pages);
        h.Load(3, new Segment(0, 5, 12, IsLarge: true));
        h.Access(Context.GuestKernel, kind, Place + 8).RunToInterrupt();
        ulong cause = kind == AccessKind.Fetch ? 0xC0000UL : 1UL << (63 - 42);
        h.Machine.ExpectSrr(Vector.MachineCheck, kind == AccessKind.Fetch ? Place + 8 : Context.GuestKernel.CodeAddress, cause, Context.GuestKernel.Msr);
        if (kind != AccessKind.Fetch)
            Assert.That((h.Machine[SprNumber.DAR], h.Machine[SprNumber.DSISR]), Is.EqualTo((Place + 8, 0x80UL)));
    }

    /// <summary>A table where no memory is: machine check, as for a radix tree.</summary>
    [Test]
    public void ATableThatIsNotThere()
    {
        using var h = new HashMachine();
        h.Machine.SetPate(BareMachine.Lpid, 0x0FFF_0000_0000_0000, 0);
        h.Enter(Context.GuestReal).RunToInterrupt();
        Assert.That(h.Machine.Nia, Is.EqualTo((ulong)Vector.MachineCheck));
    }

    /// <summary>A hypervisor may not map a secure partition's pages by a hashed page table of its own: the ultravisor gets to know.</summary>
    [Test]
    public void ASecurePartition([Values] bool real)
    {
        using var h = new HashMachine();
        h.Machine.WithSecureGuest();
        h.Machine.SetPate(BareMachine.SecureLpid, h.GuestTable.Pate, 0);
        Context context = real ? Context.SvmReal : Context.SvmKernel;
        h.Machine.Enter(context).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(h.Machine.Nia & 0xFFF, Is.EqualTo((ulong)Vector.HypervisorInstructionStorage));
            Assert.That(h.Machine.CurrentMsr & (Msr.S | Msr.HV), Is.EqualTo(Msr.S | Msr.HV));
            Assert.That(h.Machine[SprNumber.HSRR1] & 0x783F0000, Is.EqualTo(0x00080000));
        });
    }

    // Maps a page with rights and tries one access; cause null: it works.
    private static void Try(HashMachine h, Segment segment, ulong bits, Context context, AccessKind kind, ulong? cause)
    {
        h.Load(2, segment);
        h.Machine.Put(0x50000, Assembler.Word("addi", 1, 1, 0));
        h.TableOf(context).Map(segment, Place, 0x50000, 16, bits);
        h.Access(context, kind, Place);
        if (cause is not { } expected)
        {
            h.Machine.Run(1);
            return;
        }

        h.Machine.RunToInterrupt();
        Expect(h, context, kind, Place, expected, vpm: true, segment.Descriptor);
    }

    private static void Expect(HashMachine h, Context context, AccessKind kind, ulong ea, ulong cause, bool vpm, ulong asdr)
    {
        BareMachine m = h.Machine;
        bool toHypervisor = vpm && (context.Msr & Msr.HV) == 0;
        if (kind == AccessKind.Fetch)
        {
            if (toHypervisor)
                m.ExpectHsrr(Vector.HypervisorInstructionStorage, ea, cause, context.Msr);
            else
                m.ExpectSrr(Vector.InstructionStorage, ea, cause, context.Msr);
        }
        else
        {
            cause |= kind == AccessKind.Store ? IsStore : 0;
            if (toHypervisor)
                m.ExpectHsrr(Vector.HypervisorDataStorage, context.CodeAddress, 0, context.Msr);
            else
                m.ExpectSrr(Vector.DataStorage, context.CodeAddress, 0, context.Msr);
            Assert.That(m[toHypervisor ? SprNumber.HDAR : SprNumber.DAR], Is.EqualTo(ea));
            Assert.That(m[toHypervisor ? SprNumber.HDSISR : SprNumber.DSISR], Is.EqualTo(cause));
        }

        // KVM takes the segment from there (Linux book3s_64_entry.S, kvmppc_hpte_hv_fault).
        if (toHypervisor)
            Assert.That(m[SprNumber.ASDR], Is.EqualTo(asdr));
    }
}
