namespace RenodeUvmem.Power9.Mmu;

/// <summary>On whose behalf an address is translated, and what the translation may do.</summary>
/// <param name="Msr">MSR[HV, PR, IR, DR, S] that count.</param>
/// <param name="Lpid">Partition.</param>
/// <param name="Pid">Process.</param>
/// <param name="Keys">Whether AMR and IAMR, which belong to the process that runs, apply.</param>
/// <param name="Quiet">A look from outside: no update of R and C, no violation, tables in secure memory are read whatever S is.</param>
/// <param name="AnyAuthority">Whether what the tables forbid is allowed all the same.</param>
/// <param name="Segments">Whether LPCR[HR] and the segment lookaside entries, which belong to what runs, apply.</param>
public readonly record struct TranslationRules(ulong Msr, ulong Lpid, ulong Pid, bool Keys = true, bool Quiet = false, bool AnyAuthority = false, bool Segments = true);
