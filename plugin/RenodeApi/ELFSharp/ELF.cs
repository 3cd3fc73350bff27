using System.Collections.Generic;
using ELFSharp.ELF.Sections;
using ELFSharp.ELF.Segments;

namespace ELFSharp.ELF;

public enum Endianess
{
    LittleEndian = 0,
    BigEndian = 1,
}

public interface IELF
{
    IEnumerable<ISection> Sections { get; }

    IEnumerable<ISegment> Segments { get; }
}
