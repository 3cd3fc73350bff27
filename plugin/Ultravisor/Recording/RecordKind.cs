namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>Kinds of entries of a record; <see cref="RunRecorder"/> says what follows each.</summary>
internal enum RecordKind : byte
{
    /// <summary>The record is complete.</summary>
    End,

    /// <summary>A text; entries name it by its place among the texts, from 0.</summary>
    Text,

    /// <summary>A call; entries name it by its place among the calls, from 0.</summary>
    Call,

    /// <summary>A CPU goes on with something else.</summary>
    Activity,

    /// <summary>A guest's ultracall begins that needs the hypervisor's help.</summary>
    UltraCallBegun,

    /// <summary>An ultracall is answered.</summary>
    UltraCall,

    /// <summary>The ultravisor calls the hypervisor.</summary>
    ReverseCall,

    /// <summary>A guest calls the hypervisor.</summary>
    Reflection,

    /// <summary>The hypervisor's answer.</summary>
    Result,

    /// <summary>An interrupt of an SVM went to the hypervisor.</summary>
    Interrupt,

    /// <summary>The hypervisor injected an interrupt.</summary>
    Injection,

    /// <summary>A frame changed state.</summary>
    PageState,

    /// <summary>A refused access.</summary>
    Violation,

    /// <summary>A step in an SVM's life.</summary>
    Life,

    /// <summary>Something worth a line.</summary>
    Remark,

    /// <summary>Memory of an SVM comes or goes.</summary>
    Slot,
}
