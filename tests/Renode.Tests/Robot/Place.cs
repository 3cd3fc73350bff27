namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>A line of a file.</summary>
internal readonly record struct Place(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path.GetFileName(File)}:{Line}";
}
