namespace Antmicro.Renode.Utilities;

public abstract class FilePath
{
    private protected FilePath() => throw null;

    public static implicit operator string(FilePath fp) => throw null;
}

public class ReadFilePath : FilePath
{
    private ReadFilePath() => throw null;
}

public class WriteFilePath : FilePath
{
    private WriteFilePath() => throw null;
}
