namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>What a case ended with.</summary>
/// <param name="Operation">Index of the last operation.</param>
/// <param name="Kind">Name of the broken property, or of the exception that the emulator threw.</param>
/// <param name="Message">All that is known.</param>
internal sealed record Failure(int Operation, string Kind, string Message);
