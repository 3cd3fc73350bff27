using System.Collections.Generic;

namespace Antmicro.Renode.Peripherals.CPU;

public struct GDBFeatureDescriptor
{
    public GDBFeatureDescriptor(string name) => throw null;

    public List<GDBRegisterDescriptor> Registers { get; }

    public List<GDBCustomType> Types { get; }
}

public struct GDBRegisterDescriptor
{
    public GDBRegisterDescriptor(uint number, uint size, string name, string type = null, string group = null) => throw null;
}

public struct GDBCustomType
{
    public static GDBCustomType Vector(string id, string type, uint count) => throw null;

    public static GDBCustomType Union(string id, IEnumerable<GDBTypeField> fields) => throw null;
}

public struct GDBTypeField
{
    public GDBTypeField(string name, string type) => throw null;
}
