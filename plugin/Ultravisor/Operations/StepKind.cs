namespace RenodeUvmem.Ultravisor.Operations;

/// <summary>What an operation does next.</summary>
internal enum StepKind
{
    /// <summary>Calls the hypervisor.</summary>
    Call,

    /// <summary>Runs another operation first.</summary>
    Child,

    /// <summary>Ends with a result.</summary>
    Finished,

    /// <summary>Gives the guest CPU back to the hypervisor as a normal one, with H_SVM_INIT_ABORT.</summary>
    Abort,

    /// <summary>The SVM can't go on.</summary>
    Kill,
}
