using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>Interrupt handlers that skip the instruction, so that random code goes on behind what it did wrong.</summary>
internal static unsafe class Handlers
{
    // Real mode, and relocated by LPCR[AIL]=3 with all memory mapped from 0.
    private static readonly int[] Bases = [0, 0x4000];

    /// <summary>Puts handlers at all vectors of the memory that begins here, in little-endian instructions.</summary>
    /// <param name="memory">What software sees at 0.</param>
    /// <param name="hypervisor">Handlers end with hrfid where the interrupt saves in HSRR0.</param>
    public static void Put(byte* memory, bool hypervisor)
    {
        foreach (int start in Bases)
        {
            for (int vector = 0x100; vector < 0x2000; vector += 0x20)
            {
                bool hsrr = hypervisor && SaveRestore.AlwaysHsrr((Vector)vector);
                int kept = hypervisor ? SprNumber.HSPRG1 : SprNumber.SPRG0;
                int address = hsrr ? SprNumber.HSRR0 : SprNumber.SRR0;
                uint[] words = [Move(467, kept, 29), Move(339, address, 29), 0x3BBD0004, Move(467, address, 29), Move(339, kept, 29), hsrr ? 0x4C000224u : 0x4C000024u];
                for (int n = 0; n < words.Length; n++)
                    ((uint*)(memory + start + vector))[n] = words[n];
            }
        }
    }

    // mtspr (467) or mfspr (339).
    private static uint Move(uint extendedOpcode, int spr, uint register) =>
        (31u << 26) | (register << 21) | (((uint)spr & 31) << 16) | (((uint)spr >> 5) << 11) | (extendedOpcode << 1);
}
