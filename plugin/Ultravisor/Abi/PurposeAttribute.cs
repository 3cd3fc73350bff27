namespace RenodeUvmem.Ultravisor.Abi;

/// <summary>What a call or page state is for, in a sentence: for <c>uvmem explain</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field)]
public sealed class PurposeAttribute(string text) : Attribute
{
    /// <summary>The sentence.</summary>
    public string Text { get; } = text;
}
