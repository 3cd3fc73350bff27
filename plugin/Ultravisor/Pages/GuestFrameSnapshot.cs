using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>A frame's record in a snapshot: state, a byte that says what is there, and the addresses that are not 0.</summary>
internal static unsafe class GuestFrameSnapshot
{
    [Flags]
    private enum Has : byte
    {
        None = 0,
        Requested = 1,
        ZeroOnArrival = 2,
        Secure = 4,
        Normal = 8,
        Seal = 16,
    }

    /// <summary>Least bytes of a record.</summary>
    public const int LeastSize = 2;

    public static void Save(in GuestFrame frame, SnapshotWriter writer)
    {
        writer.Write((byte)frame.State);
        Has has = Of(frame.Requested, Has.Requested) | Of(frame.ZeroOnArrival, Has.ZeroOnArrival)
            | Of(frame.Secure != 0, Has.Secure) | Of(frame.Normal != 0, Has.Normal) | Of(frame.Seal != 0, Has.Seal);
        writer.Write((byte)has);
        foreach (ulong address in (ReadOnlySpan<ulong>)[frame.Secure, frame.Normal, frame.Seal])
        {
            if (address != 0)
                writer.Write(address);
        }
    }

    public static GuestFrame Load(SnapshotReader reader, SecureMemoryController controller)
    {
        var state = (PageState)reader.ReadByte();
        var has = (Has)reader.ReadByte();
        var frame = new GuestFrame
        {
            State = state,
            Requested = has.HasFlag(Has.Requested),
            ZeroOnArrival = has.HasFlag(Has.ZeroOnArrival),
            Secure = has.HasFlag(Has.Secure) ? reader.ReadUInt64() : 0,
            Normal = has.HasFlag(Has.Normal) ? reader.ReadUInt64() : 0,
            Seal = has.HasFlag(Has.Seal) ? reader.ReadUInt64() : 0,
        };
        bool good = Enum.IsDefined(state)
            && (frame.Secure == 0 || controller.SecurePointer(frame.Secure, SecureHeap.FrameSize) != null)
            && (frame.Normal == 0 || controller.NormalPointer(frame.Normal, SecureHeap.FrameSize) != null)
            && (frame.Seal == 0 || controller.SecurePointer(frame.Seal, PageCrypto.SealSize) != null);
        return good ? frame : throw reader.Problem($"a frame in state {state} with secure page 0x{frame.Secure:x}, normal page 0x{frame.Normal:x}, seal 0x{frame.Seal:x} is none of this machine");
    }

    private static Has Of(bool there, Has what) => there ? what : Has.None;
}
