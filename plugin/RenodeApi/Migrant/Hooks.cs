using System;

namespace Antmicro.Migrant.Hooks;

[AttributeUsage(AttributeTargets.Method)]
public class PreSerializationAttribute : Attribute
{
}

[AttributeUsage(AttributeTargets.Method)]
public class PostSerializationAttribute : Attribute
{
}

[AttributeUsage(AttributeTargets.Method)]
public class LatePostDeserializationAttribute : Attribute
{
}
