namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>One case as the runner reads and writes it; numbers as in Runner/layout.h. All numbers little-endian, for a big-endian runner big-endian.</summary>
internal static class CaseLayout
{
    public const int Gpr = 0;
    public const int Cr = 256;
    public const int Xer = 264;
    public const int Lr = 272;
    public const int Ctr = 280;
    public const int Fpscr = 288;
    public const int Vrsave = 296;

    /// <summary>Linux signal number that ended the block, or 0.</summary>
    public const int Signal = 304;

    /// <summary>Address of the instruction that caused it.</summary>
    public const int Nip = 312;

    /// <summary>VSCR in the low word of a quadword.</summary>
    public const int Vscr = 320;

    /// <summary>Instructions in the block.</summary>
    public const int Words = 336;

    /// <summary>VSR 0..63, 16 bytes each.</summary>
    public const int Vsr = 384;

    public const int Block = 1408;
    public const int Memory = 1536;
    public const int Size = 2560;

    public const int WindowSize = 1024;
    public const int BlockWords = 31;

    /// <summary>Effective address of the block.</summary>
    public const ulong CodeAddress = 0x11000000;

    /// <summary>Effective address of the memory that blocks load and store.</summary>
    public const ulong WindowAddress = 0x11020000;
}
