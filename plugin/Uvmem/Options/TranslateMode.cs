namespace RenodeUvmem.Uvmem.Options;

/// <summary>Values of <c>--translate</c>.</summary>
internal enum TranslateMode
{
    /// <summary>All is interpreted.</summary>
    Off,

    /// <summary>Hot code is translated.</summary>
    On,

    /// <summary>Two machines, one of each kind, are compared.</summary>
    Check,
}
