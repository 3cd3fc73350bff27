namespace RenodeUvmem.Ultravisor;

/// <summary>A person asked for something that is not there; the message says what would be.</summary>
public sealed class RequestException(string message) : Exception(message);
