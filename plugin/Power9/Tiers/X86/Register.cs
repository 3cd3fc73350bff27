namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>General registers by their numbers in encodings.</summary>
internal enum Register
{
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    None = -1,
}
