using System.Text;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Rtas;

/// <summary>
/// Lets an SVM call RTAS, which QEMU implements in the hypervisor and which takes its arguments from guest memory: they go through
/// pages that the ultravisor shares for this alone (implicitly shared, reserved in the guest's device tree).
/// </summary>
internal sealed class RtasService
{
    /// <summary>Pages that UV_ESM reserves: arguments, four buffers, stop-self.</summary>
    public const int PageCount = 6;

    /// <summary>Bytes of the argument page for each context.</summary>
    private const ulong ArgumentSlot = 128;

    /// <summary>Guest CPUs of all SVMs that there may be: so many arguments fit on the page.</summary>
    public const int MaximumCpus = (int)(SecureHeap.FrameSize / ArgumentSlot);

    private const int BufferCount = 4;

    private readonly Dictionary<uint, string> names = [];
    private readonly uint[] bufferOwner = new uint[BufferCount];

    /// <summary>Takes the tokens from the properties of /rtas: each call is a property with its token in one cell.</summary>
    public RtasService(FdtNode? node, IReadOnlyList<ulong> pages)
    {
        Pages = pages;
        foreach (FdtProperty property in node?.Properties ?? [])
        {
            if (property.Value.Length == 4)
                names[property.AsCell()] = property.Name;
        }
    }

    private RtasService(IReadOnlyList<ulong> pages) => Pages = pages;

    /// <summary>Guest real addresses of the shared pages.</summary>
    public IReadOnlyList<ulong> Pages { get; }

    /// <summary>Buffer pages that calls under way use.</summary>
    public int BuffersInUse => bufferOwner.Count(owner => owner != 0);

    /// <summary>Name of a token, or null.</summary>
    public string? Name(uint token) => names.GetValueOrDefault(token);

    /// <summary>
    /// Where a context's arguments go. stop-self has a page of its own because its arguments stay in use for ever.
    /// </summary>
    public ulong ArgumentAddress(UvContext context, bool stopSelf) =>
        Pages[stopSelf ? PageCount - 1 : 0] + ((ulong)context.Index * ArgumentSlot);

    /// <summary>Takes a buffer page for a context; null if all are in use.</summary>
    public ulong? TakeBuffer(UvContext context)
    {
        int index = Array.IndexOf(bufferOwner, 0u);
        if (index < 0)
            return null;
        bufferOwner[index] = (uint)context.Index + 1;
        return Pages[1 + index];
    }

    /// <summary>Frees a context's buffer pages.</summary>
    public void FreeBuffers(UvContext context)
    {
        for (int index = 0; index < BufferCount; index++)
        {
            if (bufferOwner[index] == (uint)context.Index + 1)
                bufferOwner[index] = 0;
        }
    }

    /// <summary>Writes an os-term call into the shared pages; its address, or null if they are not at hand.</summary>
    public ulong? PrepareOsTerm(UltravisorModel uv, UvContext context)
    {
        uint token = names.FirstOrDefault(entry => entry.Value == RtasCallShape.OsTerm).Key;
        ulong address = ArgumentAddress(context, stopSelf: false);
        ulong message = Pages[1];
        if (token == 0
            || uv.Guest.Access(context.Svm, address, RtasArguments.Size, out _) != FrameAccess.Ready
            || uv.Guest.Access(context.Svm, message, SecureHeap.FrameSize, out _) != FrameAccess.Ready)
        {
            return null;
        }

        uv.Guest.Write(context.Svm, message, Encoding.ASCII.GetBytes("Secure guest terminated by the ultravisor\0"));
        uv.Guest.Write(context.Svm, address, new RtasArguments(token, 1, (uint)message).ToBytes());
        return address;
    }

    public void Save(SnapshotWriter writer)
    {
        foreach (ulong page in Pages)
            writer.Write(page);
        foreach (uint owner in bufferOwner)
            writer.Write(owner);
        writer.Write(names.Count);
        foreach ((uint token, string name) in names)
        {
            writer.Write(token);
            writer.Write(name);
        }
    }

    public static RtasService Load(SnapshotReader reader)
    {
        var pages = new ulong[PageCount];
        reader.ReadAll(pages);
        var service = new RtasService(pages);
        foreach (ref uint owner in service.bufferOwner.AsSpan())
            owner = reader.ReadUInt32();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            service.names[reader.ReadUInt32()] = reader.ReadText() ?? "";
        return service;
    }
}
