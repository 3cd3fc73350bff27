namespace ELFSharp.ELF.Segments;

public enum SegmentType : uint
{
    Load = 1,
}

public interface ISegment
{
    SegmentType Type { get; }
}
