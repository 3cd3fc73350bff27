using System;

namespace Antmicro.Renode.Exceptions;

public class RecoverableException : Exception
{
    public RecoverableException(string message) => throw null;

    public RecoverableException(string message, Exception innerException) => throw null;
}

public class ConstructionException : RecoverableException
{
    public ConstructionException(string message)
        : base(message) => throw null;

    public ConstructionException(string message, Exception innerException)
        : base(message, innerException) => throw null;
}
