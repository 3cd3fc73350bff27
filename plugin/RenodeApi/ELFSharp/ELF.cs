using System.Collections.Generic;
using ELFSharp.ELF.Segments;

namespace ELFSharp.ELF;

public enum Endianess
{
    LittleEndian = 0,
    BigEndian = 1,
}

public interface IELF
{
    IEnumerable<ISegment> Segments { get; }
}
