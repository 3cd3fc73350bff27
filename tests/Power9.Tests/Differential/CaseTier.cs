namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>How the emulated CPU executes cases.</summary>
public enum CaseTier
{
    /// <summary>Instruction by instruction.</summary>
    Interpreter,

    /// <summary>As a trace of what the interpreter executed, by this host's code generator if it has one.</summary>
    Translator,

    /// <summary>As a trace that the runtime compiles.</summary>
    PortableTranslator,
}
