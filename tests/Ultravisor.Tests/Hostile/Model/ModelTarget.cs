using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>An act of the hypervisor on a CPU that it has.</summary>
internal delegate void HypervisorAct(World world, Cpu cpu, FuzzRandom random, Story story);

/// <summary>An act of a guest on a CPU that it runs on.</summary>
internal delegate void GuestAct(World world, Cpu cpu, Guest guest, FuzzRandom random, Story story);

/// <summary>Acts with their frequency.</summary>
internal sealed class Acts<T>
    where T : Delegate
{
    private readonly List<T> all = [];

    public Acts<T> Add(int frequency, T act)
    {
        for (int n = 0; n < frequency; n++)
            all.Add(act);
        return this;
    }

    public T Pick(FuzzRandom random) => random.PickOf(all);
}

/// <summary>Who does what in a model-level attack.</summary>
internal sealed record Cast(Acts<HypervisorAct> Hypervisor, Acts<GuestAct> Svm, Acts<GuestAct> NormalGuest);

/// <summary>The ultravisor under attack: each operation is one act of whoever has a CPU.</summary>
internal sealed class ModelTarget : Target
{
    private readonly World world;
    private readonly Cast cast;

    /// <param name="seed">Of the machine.</param>
    /// <param name="cast">Who does what.</param>
    /// <param name="secure">So many guests are SVMs at the start.</param>
    public ModelTarget(ulong seed, Cast cast, int secure)
    {
        this.cast = cast;
        var random = new FuzzRandom(seed);
        ulong secureSize = random.OneIn(3) ? (ulong)(32 + random.Below(96)) * World.Frame : World.LargestSecureSize;
        world = new World(seed, overcommit: random.OneIn(4), secureSize);
        foreach (Guest guest in world.Guests.Take(secure))
            Kvm.MakeSecure(world, world.Cpus[(int)guest.Lpid % world.Cpus.Count], guest);
    }

    public override void Act(FuzzRandom random, Story story)
    {
        if (random.OneIn(200))
        {
            story.Tell("snapshot, and on from it");
            GoOnFromSnapshot();
            return;
        }

        Cpu cpu = random.PickOf(world.Cpus);
        Guest? guest = world.Running(cpu);
        if (guest is not null && World.InSvm(cpu))
        {
            story.Tell($"CPU {cpu.Pir}, SVM {guest.Lpid}: ");
            cast.Svm.Pick(random)(world, cpu, guest, random, story);
        }
        else if (guest is not null && !World.InSvm(cpu) && !random.OneIn(world.Uv.FindSvm(guest.Lpid) is null ? 8 : 2))
        {
            story.Tell($"CPU {cpu.Pir}, guest {guest.Lpid}: ");
            cast.NormalGuest.Pick(random)(world, cpu, guest, random, story);
        }
        else
        {
            story.Tell($"CPU {cpu.Pir}, hypervisor: ");
            cast.Hypervisor.Pick(random)(world, cpu, random, story);
        }

        foreach (Cpu every in world.Cpus)
            world.CheckCpu(every);
    }

    public override void Check() => world.Check();

    public override void End() => world.CheckNothingIsLeft();

    public override void Dispose() => world.Dispose();

    // Whatever is under way: the ultravisor is data between two instructions.
    private void GoOnFromSnapshot()
    {
        byte[] before = Save();
        world.Uv.Load(new SnapshotReader(before));
        if (!Save().SequenceEqual(before))
            throw new BrokenPropertyException("snapshot", "saved, loaded and saved again it is another one");
    }

    private byte[] Save()
    {
        var writer = new SnapshotWriter("hostile callers");
        world.Uv.Save(writer);
        return writer.ToArray();
    }
}
