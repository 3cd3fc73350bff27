namespace RenodeUvmem.Power9.Mmu;

/// <summary>Halves of the effective address space, by EA bit 0.</summary>
[Flags]
public enum Halves
{
    None = 0,
    Lower = 1,
    Upper = 2,
    Both = 3,
}
