using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// Pages of the sources: of each pair the first takes triggers by any store, the second manages P and Q by loads of 8 bytes at offsets that say what to do, and gives what they were.
/// Stores to the second page trigger or set PQ as well; 0x400, store EOI, is off as POWER9's firmware leaves it.
/// </summary>
public sealed class SourceEsbPages(SourceEsb sources, XiveLog log) : IMmioDevice
{
    private const string Area = "source pages";

    /// <summary>Bytes of all pages.</summary>
    public ulong Size => (ulong)sources.Count << XiveMap.PairShift;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        uint source = (uint)(offset >> XiveMap.PairShift);
        if (IsTriggerPage(offset))
            return Refuse(offset, size, store: false, "a trigger page has nothing to load");
        if (size != EsbOffset.AccessSize)
            return Refuse(offset, size, store: false, "loads are of 8 bytes");
        ulong before = EsbOffset.Load(offset) switch
        {
            EsbOperation.End => sources.End(source) ? 1UL : 0,
            EsbOperation.Get => sources[source],
            _ => sources.Set(source, EsbOffset.State(offset)),
        };
        return BigEndianRegister.Swap(before, size);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        uint source = (uint)(offset >> XiveMap.PairShift);
        if (size != EsbOffset.AccessSize)
        {
            Refuse(offset, size, store: true, "stores are of 8 bytes");
            return;
        }

        switch (IsTriggerPage(offset) ? EsbOperation.Trigger : EsbOffset.Store(offset))
        {
            case EsbOperation.Trigger:
                sources.Trigger(source);
                break;
            case EsbOperation.Set:
                sources.Set(source, EsbOffset.State(offset));
                break;
            case EsbOperation.End:
                Refuse(offset, size, store: true, "store EOI is off");
                break;
            default:
                Refuse(offset, size, store: true, "no operation");
                break;
        }
    }

    private static bool IsTriggerPage(ulong offset) => (offset & XiveMap.PageSize) == 0;

    private ulong Refuse(ulong offset, int size, bool store, string why)
    {
        log.Refuse(Area, XiveMap.SourcePages + offset, offset & (2 * XiveMap.PageSize - 1), size, store, why);
        return BigEndianRegister.AllOnes;
    }
}
