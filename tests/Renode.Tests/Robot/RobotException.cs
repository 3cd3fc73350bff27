namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>A Robot file can't be read or executed, or a keyword of it failed. Names file and line.</summary>
internal sealed class RobotException : Exception
{
    /// <summary>Something is wrong at a place.</summary>
    public RobotException(Place place, string message, Exception? inner = null)
        : base($"{message}{Environment.NewLine}  at {place}", inner) => Error = message;

    /// <summary>A keyword that was called at a place failed.</summary>
    public RobotException(Place place, string keyword, RobotException inner)
        : base($"{inner.Message}{Environment.NewLine}  in {keyword}, called at {place}", inner) => Error = inner.Error;

    /// <summary>What went wrong, without places: what <c>Run Keyword And Expect Error</c> compares.</summary>
    public string Error { get; }
}
