namespace RenodeUvmem.Power9.Isa;

/// <summary>
/// Declares an instruction, on the method that is its meaning. Everything else derives from this row: decoder, interpreter,
/// disassembler, coverage and random tests.
/// </summary>
/// <param name="mnemonic">ISA name; <c>[o]</c> and <c>[.]</c>, <c>[l]</c>, <c>[a]</c> stand for the OE, Rc, LK and AA variants.</param>
/// <param name="form">Instruction form: says where the fields and the extended opcode are.</param>
/// <param name="opcode">Primary opcode, bits 0:5.</param>
/// <param name="xo">Extended opcode as the ISA prints it for that form (-1 if the form has none).</param>
/// <param name="operands">Assembler operands in order, e.g. <c>RT,RA,RB</c> or <c>RT,D(RA0)</c>. RA0 stands for (RA|0).</param>
/// <param name="section">ISA 3.0B section, e.g. <c>I 3.3.9</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InsnAttribute(string mnemonic, Form form, int opcode, int xo, string operands, string section) : Attribute
{
    public string Mnemonic { get; } = mnemonic;

    public Form Form { get; } = form;

    public int Opcode { get; } = opcode;

    public int Xo { get; } = xo;

    public string Operands { get; } = operands;

    public string Section { get; } = section;

    /// <summary>Least privilege that may execute it.</summary>
    public Privilege Privilege { get; set; } = Privilege.Problem;

    /// <summary>Facility that MSR must have enabled.</summary>
    public Facility Facility { get; set; } = Facility.None;

    /// <summary>Further bits that must be set or clear to select this row within (form, opcode, xo): a 32-character pattern of 0, 1 and '.', bit 0 first, or null.</summary>
    public string? Where { get; set; }
}

/// <summary>Who may execute an instruction (ISA 3.0B Book III 3.2; ultravisor as of the Secure Memory Facility).</summary>
public enum Privilege
{
    Problem,
    Privileged,
    Hypervisor,
    Ultravisor,
}

/// <summary>The facility whose MSR bit must be 1, else the facility's unavailable interrupt is taken.</summary>
public enum Facility
{
    None,
    FloatingPoint,
    Vector,
    Vsx,

    /// <summary>VSX instructions on VSRs that need MSR.VSX for registers 0-31 and MSR.VEC for 32-63 (ISA 3.0: SX/TX bit decides).</summary>
    VsxOrVector,
}
