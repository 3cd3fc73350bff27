namespace RenodeUvmem.Power9.Isa;

/// <summary>Instruction forms (ISA 3.0B Book I 1.6). The form fixes where extended opcode, Rc, OE, LK, AA and immediates are.</summary>
public enum Form
{
    /// <summary>LI, AA, LK.</summary>
    I,

    /// <summary>BO, BI, BD, AA, LK.</summary>
    B,

    /// <summary>sc (xo bits 30:31 = 2 | 1).</summary>
    SC,

    /// <summary>16-bit D, SI or UI.</summary>
    D,

    /// <summary>14-bit DS, xo in bits 30:31.</summary>
    DS,

    /// <summary>12-bit DQ, xo in bits 29:31 (TX in bit 28), or bits 28:31 for lq.</summary>
    DQ,

    /// <summary>xo in bits 21:30, Rc or LK or EH in bit 31.</summary>
    X,

    /// <summary>xo in bits 21:30, LK in bit 31 (bclr, bcctr, CR logic).</summary>
    XL,

    /// <summary>OE in bit 21, xo in bits 22:30, Rc.</summary>
    XO,

    /// <summary>xo in bits 26:30, Rc.</summary>
    A,

    /// <summary>rlwinm family: no xo, Rc.</summary>
    M,

    /// <summary>xo in bits 27:29, split sh, split mb, Rc.</summary>
    MD,

    /// <summary>xo in bits 27:30, RB shift count, split mb, Rc.</summary>
    MDS,

    /// <summary>xo in bits 21:29, split sh (bit 30), Rc: sradi, extswsli.</summary>
    XS,

    /// <summary>mtspr family, xo in bits 21:30.</summary>
    XFX,

    /// <summary>mtfsf, xo in bits 21:30.</summary>
    XFL,

    /// <summary>addpcis: d0||d1||d2, xo in bits 26:30.</summary>
    DX,

    /// <summary>VMX three-operand: xo in bits 26:31.</summary>
    VA,

    /// <summary>VMX: xo in bits 21:31.</summary>
    VX,

    /// <summary>VMX compare: Rc in bit 21, xo in bits 22:31.</summary>
    VC,

    /// <summary>VSX one register + GPRs: xo in bits 21:30, TX in bit 31.</summary>
    XX1,

    /// <summary>VSX two registers: xo in bits 21:29, BX bit 30, TX bit 31.</summary>
    XX2,

    /// <summary>VSX three registers: xo in bits 21:28, AX 29, BX 30, TX 31.</summary>
    XX3,

    /// <summary>VSX compare with Rc in bit 21: xo in bits 22:28.</summary>
    XX3Rc,

    /// <summary>xxpermdi, xxsldwi: bits 22:23 DM/SHW; xo in bits 24:28 with bit 21.</summary>
    XX3Dm,

    /// <summary>VSX four registers: xo in bits 26:27, CX 28, AX 29, BX 30, TX 31.</summary>
    XX4,

    /// <summary>maddhd family: RC in bits 21:25, xo in bits 26:31 (as VA).</summary>
    VARc,

    /// <summary>isel: BC in bits 21:25, xo in bits 26:30.</summary>
    Isel,

    /// <summary>Round-control DFP/quad forms: xo in bits 23:30, Rc or EX in bit 31.</summary>
    Z23,

    /// <summary>DFP shift forms: xo in bits 22:30.</summary>
    Z22,
}
