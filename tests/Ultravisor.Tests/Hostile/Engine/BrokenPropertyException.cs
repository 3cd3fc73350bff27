namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>A property that must hold for every caller does not.</summary>
/// <param name="property">Its short name, the same for all ways to break it.</param>
/// <param name="detail">What was seen.</param>
internal sealed class BrokenPropertyException(string property, string detail) : Exception($"{property}: {detail}")
{
    public string Property { get; } = property;
}
