using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>Page tables of hypervisor, normal guest (LPID 3) and hostile SVM (LPID 2), handlers at their vectors, and how they are spoilt.</summary>
internal sealed unsafe class Tables
{
    private const ulong Svm = 2;
    private const ulong HostArea = 0x40000;
    private const int HostTableFrames = 6;
    private const ulong GuestArea = 8 * World.Frame;
    private const int TableFrames = 4;

    private readonly World world;
    private readonly Cpu cpu;
    private readonly List<TableArea> areas = [];
    private readonly List<ulong[]> entries = [];
    private TableArea? svmTables;

    public Tables(World world, Cpu cpu)
    {
        this.world = world;
        this.cpu = cpu;
        Build();
        areas.ForEach(area => area.Keep());
        Restore();
    }

    /// <summary>Spoils an entry of some table; what was done.</summary>
    public string Spoil(FuzzRandom random)
    {
        ForgetLostTables();
        return random.PickOf(areas).Spoil(random);
    }

    /// <summary>Sound tables and handlers again, and the SVM alive.</summary>
    public void Restore()
    {
        ForgetLostTables();
        if (svmTables is null || world.Uv.FindSvm(Svm) is not { State: SvmState.Secure })
        {
            if (svmTables is not null)
                areas.Remove(svmTables);
            svmTables = null;
            NewSvm();
        }

        foreach (TableArea area in areas)
            area.Restore();
        foreach (ulong[] entry in entries)
            world.Call(cpu, UltraCall.UV_WRITE_PATE, entry);
        Handlers.Put(world.Memory.Pointer(0, World.Frame), hypervisor: true);
        Handlers.Put(world.Memory.Pointer(World.PageOf(3, 0), World.Frame), hypervisor: false);
        world.Memory.InvalidateCode(0, World.Frame);
        world.Memory.InvalidateCode(World.PageOf(3, 0), World.Frame);
        if (SvmFrame(0) is not 0 and ulong frame)
        {
            Handlers.Put(world.Memory.Pointer(frame, World.Frame), hypervisor: false);
            world.Memory.InvalidateCode(frame, World.Frame);
        }
    }

    /// <summary>A partition's own entry again.</summary>
    public void WriteSoundEntry(ulong lpid) => world.Call(cpu, UltraCall.UV_WRITE_PATE, entries.Single(entry => entry[0] == lpid));

    /// <summary>A partition table entry that points anywhere.</summary>
    public void WriteEntry(FuzzRandom random, Story story)
    {
        ulong lpid = random.PickOf<ulong>([0, 2, 3, 4]);
        ulong dw0 = random.OneIn(2) ? Values.Number(random) : (1UL << 63) | TableArea.RootBits | (CodeTarget.Address(random) & 0x0FFFFFFFFFFF0000);
        ulong dw1 = random.OneIn(2) ? CodeTarget.Address(random) : HostArea;
        story.Add($", UV_WRITE_PATE({lpid}, 0x{dw0:x}, 0x{dw1:x})");
        world.Call(cpu, UltraCall.UV_WRITE_PATE, lpid, dw0, dw1);
    }

    /// <summary>Real address of a frame of the hostile SVM, or 0.</summary>
    public ulong SvmFrame(int frame) => world.Uv.FindSvm(Svm) is { } svm && svm.FindSlot((ulong)frame * World.Frame) is not null ? svm.Frame((ulong)frame * World.Frame).Secure : 0;

    // Host: all normal memory in quadrants 0 and 3. Guests: their frames in both.
    private void Build()
    {
        var host = new TableArea(world.Memory, HostArea, [.. Enumerable.Range(0, HostTableFrames).Select(n => HostArea + ((ulong)n * World.Frame))]);
        ulong partition = host.NewRoot();
        ulong process = host.NewRoot();
        ulong table = host.NewProcessTable();
        for (ulong page = 0; page < World.NormalSize; page += 2 << 20)
            host.Map(process, page, page, 2 << 20, TableArea.Open);
        host.SetProcess(table, 0, process);
        host.SetProcess(table, 7, process);
        for (ulong frame = 0; frame < Guest.Size; frame += World.Frame)
            host.Map(partition, frame, World.PageOf(3, frame), World.Frame, TableArea.Open);
        areas.Add(host);
        entries.Add([0, (1UL << 63) | process, table]);
        ulong normal = BuildGuest(frame => World.PageOf(3, (ulong)frame * World.Frame));
        entries.Add([3, (1UL << 63) | partition, normal]);
    }

    private ulong BuildGuest(Func<int, ulong> pageOf)
    {
        var guest = new TableArea(world.Memory, GuestArea, [.. Enumerable.Range((int)(GuestArea / World.Frame), TableFrames).Select(pageOf)]).Clear();
        ulong root = guest.NewRoot();
        ulong table = guest.NewProcessTable();
        guest.Map(root, 0, 0, 2 << 20, TableArea.Open);
        foreach (ulong pid in new ulong[] { 0, 6, 7 })
            guest.SetProcess(table, pid, root);
        areas.Add(guest);
        return table;
    }

    // The hostile SVM is killed now and then; a new one takes its place.
    private void NewSvm()
    {
        entries.RemoveAll(entry => entry[0] == Svm);
        world.Call(cpu, UltraCall.UV_SVM_TERMINATE, Svm);
        Kvm.MakeSecure(world, cpu, world.Guests[(int)Svm - 1]);
        if (!SvmTablePages().Contains(0UL))
        {
            entries.Add([Svm, 0, BuildGuest(SvmFrame)]);
            svmTables = areas[^1];
            svmTables.Keep();
        }
    }

    // What was a frame of the SVM may belong to somebody else by now.
    private void ForgetLostTables()
    {
        if (svmTables is null || svmTables.Pages.SequenceEqual(SvmTablePages()))
            return;
        areas.Remove(svmTables);
        svmTables = null;
    }

    private IEnumerable<ulong> SvmTablePages() => Enumerable.Range((int)(GuestArea / World.Frame), TableFrames).Select(SvmFrame);
}
