namespace RenodeUvmem.Platform.Profiling;

/// <summary>One level of a stack: a world, a task, a function, a page of code.</summary>
/// <param name="Name">For people.</param>
/// <param name="Owner">Whose code it is.</param>
public readonly record struct ProfileFrame(string Name, CodeOwner Owner);
