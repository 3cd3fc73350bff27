using System;

namespace Antmicro.Migrant;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Event | AttributeTargets.Class)]
public class TransientAttribute : Attribute
{
}
