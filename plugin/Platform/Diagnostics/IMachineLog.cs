namespace RenodeUvmem.Platform.Diagnostics;

/// <summary>Where the machine reports what its user should know. One line a call.</summary>
public interface IMachineLog
{
    /// <summary>Something of note that is in order.</summary>
    void Info(string line);

    /// <summary>Something that is probably not as the guest or the user wanted.</summary>
    void Warn(string line);
}
