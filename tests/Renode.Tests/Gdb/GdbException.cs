namespace RenodeUvmem.Renode.Tests.Gdb;

/// <summary>A command of gdb failed; the message is gdb's.</summary>
internal sealed class GdbException(string message) : Exception(message);
