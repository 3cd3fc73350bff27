namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>A keyword failed, or there is none like it. The message is Renode's.</summary>
internal sealed class KeywordException(string message) : Exception(message);
