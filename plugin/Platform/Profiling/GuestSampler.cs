using System.Globalization;
using System.Runtime;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Where the CPUs of a machine spend their instructions: stacks at even distances. The machine does not notice.</summary>
public sealed unsafe class GuestSampler : ISampler, IDisposable
{
    /// <summary>Instructions between two samples at first.</summary>
    public const long DefaultDistance = 20_011;

    // With more, every second one goes.
    private const int MostSamples = 100_000;

    // A hostile guest makes up names and addresses.
    private const int MostFrames = 100_000;
    private const int TooMany = 0;
    private const ulong PageMask = ~0xFFFUL;
    private const int MostAddresses = 200_000;

    private readonly Processor[] processors;
    private readonly MachineSymbols symbols;
    private readonly (LinuxTasks? Tasks, MappedFiles? Files) hypervisor;
    private readonly (LinuxTasks? Tasks, MappedFiles? Files) guests;
    private readonly GuestReader memory = new();
    private readonly Dictionary<Cpu, List<int>> samples = [];
    private readonly List<ProfileFrame> frames = [];
    private readonly Dictionary<ProfileFrame, int> numbers = [];
    private readonly Dictionary<(CodeOwner Owner, ulong Address), int> known = [];
    private readonly Func<ulong, int> callerFrame;
    private CallTree tree = new();
    private CodeOwner owner;
    private int count;
    private long compiling;

    /// <summary>Begins to sample.</summary>
    /// <param name="machine">Its processors.</param>
    /// <param name="symbols">Names of functions.</param>
    /// <param name="hypervisor">Layout of the hypervisor's kernel, or null: then tasks are numbers.</param>
    /// <param name="guest">Layout of the guests' kernel, or null.</param>
    /// <param name="distance">Instructions between two samples of a processor.</param>
    public GuestSampler(Machine machine, MachineSymbols symbols, KernelLayout? hypervisor, KernelLayout? guest, long distance = DefaultDistance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(distance);
        processors = [.. machine.All];
        this.symbols = symbols;
        this.hypervisor = (LinuxTasks.Of(hypervisor), MappedFiles.Of(hypervisor));
        guests = (LinuxTasks.Of(guest), MappedFiles.Of(guest));
        Distance = distance;
        callerFrame = FunctionFrame;
        frames.Add(new ProfileFrame("one name too many", CodeOwner.Host));
        foreach (Processor processor in processors)
        {
            samples.Add(processor.Cpu, []);
            processor.Cpu.Sampler = this;
        }
    }

    /// <inheritdoc/>
    public long Distance { get; private set; }

    /// <summary>Time that .NET's compiler has taken of the machine's thread, as of the last sample. Any thread may ask.</summary>
    public TimeSpan Compiling => new(Volatile.Read(ref compiling));

    /// <summary>Samples that were taken. Any thread may ask.</summary>
    public long Taken { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Processor processor in processors)
            processor.Cpu.Sampler = null;
    }

    /// <inheritdoc/>
    public void Sample(Cpu cpu)
    {
        Volatile.Write(ref compiling, JitInfo.GetCompilationTime(currentThread: true).Ticks);
        Taken++;
        samples[cpu].Add(StackOf(cpu.State, cpu));
        if (++count > MostSamples)
            Thin();
    }

    /// <summary>Writes what was sampled into a profile.</summary>
    public void AddTo(Profile profile)
    {
        int[] nodes = new int[tree.Count];
        foreach (Processor processor in processors)
        {
            var track = new ProfileTrack(string.Create(CultureInfo.InvariantCulture, $"CPU 0x{processor.Cpu.Pir:x}, instructions"), ProfileTrack.Instructions);
            foreach (int node in samples[processor.Cpu])
                track.Add(Place(profile, node, nodes), Distance);
            profile.Tracks.Add(track);
        }
    }

    private int Place(Profile profile, int node, int[] nodes)
    {
        if (node == 0 || nodes[node] != 0)
            return nodes[node];
        return nodes[node] = profile.Tree.Child(Place(profile, tree.Parent(node), nodes), profile.Add(frames[tree.Frame(node)]));
    }

    private int StackOf(CpuState* s, Cpu cpu)
    {
        owner = CodeOwners.Of(s->Msr);
        memory.Begin(cpu);
        int node = tree.Child(0, FrameOf(new ProfileFrame(WorldOf(s), owner.IsKernel() ? owner : KernelOf(owner))));
        if (owner is CodeOwner.Firmware or CodeOwner.Ultravisor)
            return tree.Child(node, PageFrame(s->Nia));
        (LinuxTasks? tasks, MappedFiles? files) = (s->Msr & Msr.HV) != 0 ? hypervisor : guests;
        ulong task = tasks?.Current(s, memory) ?? 0;
        string name = tasks?.NameOf(task, memory) ?? NumberOf(s->Spr[SprNumber.PIDR]);
        node = tree.Child(node, FrameOf(new ProfileFrame(name, UserOf(owner))));
        if (!owner.IsKernel())
            return Process(node, files?.Find(task, s->Nia, memory), s->Nia);
        int innermost = FunctionFrame(s->Nia);
        if (innermost < 0)
            innermost = PageFrame(s->Nia);
        Span<int> chain = stackalloc int[StackWalk.Most];
        for (int n = StackWalk.Walk(s, memory, callerFrame, innermost, chain) - 1; n >= 0; n--)
            node = tree.Child(node, chain[n]);
        return node;
    }

    // Code of a process: the file, and the page of the file.
    private int Process(int node, (string Name, ulong Offset)? file, ulong address)
    {
        if (file is not { } mapped)
            return tree.Child(node, PageFrame(address));
        node = tree.Child(node, FrameOf(new ProfileFrame(mapped.Name, owner)));
        return tree.Child(node, FrameOf(new ProfileFrame(string.Create(CultureInfo.InvariantCulture, $"{mapped.Name} at 0x{mapped.Offset & PageMask:x}"), owner)));
    }

    private static string NumberOf(ulong pid) => pid == 0 ? "no process" : string.Create(CultureInfo.InvariantCulture, $"process {pid}");

    private static string WorldOf(CpuState* s) => CodeOwners.Of(s->Msr) switch
    {
        CodeOwner.HypervisorKernel or CodeOwner.HypervisorUser => "hypervisor",
        CodeOwner.Ultravisor => "ultravisor",
        _ => string.Create(CultureInfo.InvariantCulture, $"{((s->Msr & Msr.S) != 0 ? "SVM" : "guest")} {s->Spr[SprNumber.LPIDR]}"),
    };

    private static CodeOwner KernelOf(CodeOwner owner) => owner switch
    {
        CodeOwner.HypervisorUser => CodeOwner.HypervisorKernel,
        CodeOwner.GuestUser => CodeOwner.GuestKernel,
        CodeOwner.SecureUser => CodeOwner.SecureKernel,
        _ => owner,
    };

    private static CodeOwner UserOf(CodeOwner owner) => owner switch
    {
        CodeOwner.HypervisorKernel => CodeOwner.HypervisorUser,
        CodeOwner.GuestKernel => CodeOwner.GuestUser,
        CodeOwner.SecureKernel => CodeOwner.SecureUser,
        _ => owner,
    };

    // The kernel's function at an address, or -1.
    private int FunctionFrame(ulong address)
    {
        if (known.TryGetValue((owner, address), out int frame))
            return frame;
        World world = owner switch
        {
            CodeOwner.HypervisorKernel => World.Hypervisor,
            CodeOwner.SecureKernel => World.SecureGuest,
            _ => World.Guest,
        };
        frame = symbols.FunctionAt(address, world) is { } name ? FrameOf(new ProfileFrame(name, owner)) : -1;
        if (known.Count >= MostAddresses)
            known.Clear();
        known.Add((owner, address), frame);
        return frame;
    }

    private int PageFrame(ulong address)
    {
        return FrameOf(new ProfileFrame(string.Create(CultureInfo.InvariantCulture, $"page 0x{address & PageMask:x}"), owner));
    }

    private int FrameOf(in ProfileFrame frame)
    {
        if (numbers.TryGetValue(frame, out int number))
            return number;
        if (frames.Count >= MostFrames)
            return TooMany;
        frames.Add(frame);
        numbers.Add(frame, frames.Count - 1);
        return frames.Count - 1;
    }

    // Stacks that no sample has any more go, too.
    private void Thin()
    {
        CallTree old = tree;
        int[] nodes = new int[old.Count];
        tree = new CallTree();
        count = 0;
        foreach (List<int> one in samples.Values)
        {
            int kept = 0;
            for (int n = 1; n < one.Count; n += 2)
                one[kept++] = Move(one[n]);
            one.RemoveRange(kept, one.Count - kept);
            count += kept;
        }

        Distance *= 2;

        int Move(int node) => node == 0 || nodes[node] != 0 ? nodes[node] : nodes[node] = tree.Child(Move(old.Parent(node)), old.Frame(node));
    }
}
