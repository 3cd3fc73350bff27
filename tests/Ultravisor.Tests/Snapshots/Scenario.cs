using System.Buffers.Binary;
using System.Security.Cryptography;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests.Snapshots;

/// <summary>
/// A life of an SVM with each kind of operation, as a list of things that the guest does. Between any two turns of the hypervisor it can be left and be
/// continued on another bench.
/// </summary>
internal static unsafe class Scenario
{
    private const ulong Frame = Bench.Frame;
    private const ulong Block = (12 * Frame) + 0x40;
    private const ulong Buffer = (13 * Frame) + 0xFF00;
    private const ulong Device = 0x200000001000;

    /// <summary>Rules that the scenario's bench has.</summary>
    public static readonly string[] Rules =
    [
        "UV_SHARE_PAGE nth=2 hcall=H_SVM_PAGE_IN gpa=0x90000 flags=2 order=16",
        "UV_PAGE_OUT nth=3 return=U_RETRY",
    ];

    private static readonly Action<Bench>[] Actions =
    [
        // UV_ESM from beginning to end.
        bench =>
        {
            bench.StartGuest();
            bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        },
        bench => Call(bench, UltraCall.UV_SHARE_PAGE, 8, 4),
        bench => PageOut(bench, 20 * Frame),
        bench => PageOut(bench, 21 * Frame),

        // A rule refuses the third. The first two are to be shared while paged out, and a rule calls the hypervisor before; then the guest calls again.
        bench => PageOut(bench, 22 * Frame),
        bench => Call(bench, UltraCall.UV_SHARE_PAGE, 19, 4),
        bench => Call(bench, UltraCall.UV_SHARE_PAGE, 19, 4),
        bench => PageOut(bench, 25 * Frame),
        bench => Touch(bench, 25 * Frame),
        Rtas,
        bench => Load(bench),
        bench => Cede(bench),
        bench => Call(bench, UltraCall.UV_UNSHARE_PAGE, 9, 2),
        bench => bench.Hypercall(HCall.H_RANDOM, 0x4010),
        bench => Call(bench, UltraCall.UV_UNSHARE_ALL_PAGES),

        // A share that the hypervisor refuses after two pages: what it gave is handed back.
        bench => Call(bench, UltraCall.UV_SHARE_PAGE, 30, 4),
        bench => bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid),
        bench => bench.Device.Clear(),

        // A second life, which takes freed memory and a new key.
        bench =>
        {
            bench.StartGuest();
            bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        },
        bench => PageOut(bench, 12 * Frame),
        bench => Kill(bench),
    ];

    /// <summary>Goes on at an action to the end. <paramref name="atRest"/> is called at each moment at which a snapshot could be taken.</summary>
    public static void Continue(Bench bench, int action, Action<int>? atRest = null)
    {
        bench.Hook = (call, arguments) => Answer(bench, call, arguments);
        while (true)
        {
            // The last action leaves a CPU that cedes for ever.
            while (IsAsked(bench) && (action < Actions.Length || Cedes(bench) < 3))
            {
                atRest?.Invoke(action);
                bench.ServeOne();
            }

            atRest?.Invoke(action);
            if (action == Actions.Length)
                return;
            Actions[action++](bench);
        }
    }

    /// <summary>All that can be seen of a bench: CPU, ultravisor, memory.</summary>
    public static string Digest(Bench bench)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Twin.Snapshot(bench));
        foreach (RamRange range in bench.Memory.Ranges)
            hash.AppendData(new ReadOnlySpan<byte>(range.Host, (int)range.Size));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Events as text.</summary>
    public static IEnumerable<string> Events(Bench bench, int first) => bench.Log.Events.Skip(first).Select(happened => EventText.Format(happened));

    private static long Cedes(Bench bench) => bench.Uv.ReverseCallCounters.FirstOrDefault(counter => counter.Name == nameof(HCall.H_CEDE))?.Count ?? 0;

    private static bool IsAsked(Bench bench) => bench.InHypervisor && bench.S->Nia == (ulong)Vector.SystemCall;

    private static long? Answer(Bench bench, HCall call, ulong[] arguments)
    {
        switch (call)
        {
            case HCall.H_RTAS when bench.Svm.State == SvmState.Secure:
                uint shared = BinaryPrimitives.ReadUInt32BigEndian(bench.Bytes(Bench.PageOf(arguments[0]), 64)[16..]);
                bench.Bytes(Bench.PageOf(shared), 16).Fill(0x5A);
                return 0;
            case HCall.H_LOGICAL_CI_LOAD:
                bench.SeenGpr[4] = 0x11223344;
                return 0;
            case HCall.H_SVM_PAGE_IN when arguments[0] == 32 * Frame && (arguments[1] & 1) != 0:
                return UReturn.U_PARAMETER;
            default:
                return null;
        }
    }

    private static void Call(Bench bench, UltraCall call, params ulong[] arguments)
    {
        bench.EnterGuest();
        bench.Call((ulong)call, 0x4004, arguments);
    }

    private static void PageOut(Bench bench, ulong gpa)
    {
        if (bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(gpa), gpa, 0, 16) == 0)
            bench.Device.Remove(gpa);
        bench.EnterGuest();
    }

    private static void Touch(Bench bench, ulong gpa)
    {
        bench.EnterGuest();
        bench.S->Spr[SprNumber.ASDR] = gpa;
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, 0x4000, 0);
    }

    // ibm,get-system-parameter with its buffer, both in paged-out frames.
    private static void Rtas(Bench bench)
    {
        ReadOnlySpan<uint> words = [0x200F, 3, 1, 20, (uint)Buffer, 0x200, 0];
        var block = new byte[words.Length * 4];
        for (int n = 0; n < words.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(n * 4), words[n]);
        bench.Uv.Guest.Access(bench.Svm, Block, (ulong)block.Length, out _);
        bench.Uv.Guest.Write(bench.Svm, Block, block);
        PageOut(bench, 12 * Frame);
        PageOut(bench, 13 * Frame);
        bench.EnterGuest(0x30000, 0);
        bench.Hypercall(HCall.H_RTAS, 0x30010, Block);
    }

    // lwz r3,0x24(r4) of a device, from a frame with code.
    private static void Load(Bench bench)
    {
        const ulong Nia = 0x4100;
        bench.Uv.Guest.Access(bench.Svm, Nia, 4, out _);
        bench.Uv.Guest.Write(bench.Svm, Nia, [0x24, 0x00, 0x64, 0x80]);
        bench.EnterGuest(Nia);
        bench.S->Spr[SprNumber.ASDR] = Device;
        bench.S->Spr[SprNumber.HDAR] = Device + 0x24;
        bench.Cpu.Deliver(Vector.HypervisorDataStorage, Nia, 0);
    }

    private static void Cede(Bench bench)
    {
        bench.EnterGuest();
        bench.Hypercall(HCall.H_CEDE, 0x4008);
    }

    // A touch of the pages that are the ultravisor's own: os-term, then H_CEDE for ever.
    private static void Kill(Bench bench) => Touch(bench, 0x3F0000);
}
