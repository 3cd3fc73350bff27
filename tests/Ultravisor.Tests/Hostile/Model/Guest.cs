namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>
/// A partition that may be an SVM. It writes its secret only where it believes its memory to be its own; the secret then must turn up nowhere else.
/// </summary>
internal sealed class Guest
{
    /// <summary>Frames of a guest.</summary>
    public const int FrameCount = 24;

    public const ulong Size = FrameCount * World.Frame;

    /// <summary>The frame with its device tree and RTAS buffers, which may reach into the next one: it shows them to the hypervisor, so it has no secrets there.</summary>
    public const int PublicFrame = 1;

    /// <summary>The frame with its instructions, and its kernel's base.</summary>
    public const int CodeFrame = 2;

    /// <summary>Frames from here on become the exchange pages of RTAS.</summary>
    public const int RtasFrame = FrameCount - 6;

    public const ulong TreeAddress = (PublicFrame * World.Frame) + 0x1000;
    public const ulong KernelBase = CodeFrame * World.Frame;

    /// <summary>Upper half of every doubleword of a secret, whosever it is; in memory it looks the same in either byte order.</summary>
    public const ulong SecretMark = 0x5EC2C25E00000000;

    /// <summary>The frame with the arguments of RTAS calls; what stands behind the arguments is secret.</summary>
    public const int ArgumentFrame = 3;

    private const ulong SecretEnd = 0xC0DE;

    private const int FirstSecretFrame = ArgumentFrame + 1;

    public Guest(ulong lpid)
    {
        Lpid = lpid;
        Forget();
    }

    public ulong Lpid { get; }

    /// <summary>PIDR while it runs.</summary>
    public ulong Pid => Lpid + 4;

    /// <summary>The doubleword that is only this guest's.</summary>
    public ulong Secret => SecretMark | (Lpid << 16) | SecretEnd;

    public Content[] Frames { get; } = new Content[FrameCount];

    /// <summary>UV_ESM has come to its end.</summary>
    public bool IsSecure { get; set; }

    /// <summary>Whether a doubleword is some guest's secret.</summary>
    public static bool IsSecret(ulong value) => (value & 0xFFFFFFFF0000FFFF) == (SecretMark | SecretEnd);

    /// <summary>A frame that may hold a secret; a few more often than others, so that one meets with many operations.</summary>
    public static int PickSecretFrame(Engine.FuzzRandom random) => FirstSecretFrame + random.Below(random.OneIn(2) ? 3 : RtasFrame - FirstSecretFrame);

    /// <summary>A new life: nothing is known.</summary>
    public void Forget()
    {
        IsSecure = false;
        Array.Clear(Frames);
    }
}
