namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>A kind of attack.</summary>
/// <param name="Name">For the command line and test names.</param>
/// <param name="About">What it does, in one line.</param>
/// <param name="Build">A new target; everything random in it comes from the seed.</param>
/// <param name="Length">Operations of a case: so many on one target.</param>
/// <param name="CheckEvery">All properties are checked after so many operations, and at a case's end.</param>
internal sealed record Generator(string Name, string About, Func<ulong, Target> Build, int Length, int CheckEvery)
{
    public override string ToString() => Name;
}
