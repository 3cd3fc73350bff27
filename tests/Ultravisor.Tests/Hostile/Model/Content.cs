namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>What a guest may expect of a frame of its own.</summary>
internal enum Expected
{
    /// <summary>Anything: the hypervisor gave it, or two of its CPUs worked on it at once.</summary>
    Anything,

    /// <summary>Zero: fresh, or shared once and taken back.</summary>
    Zero,

    /// <summary>What the guest wrote last.</summary>
    Secret,

    /// <summary>The guest shares it: whatever the hypervisor wrote.</summary>
    Shared,
}

/// <summary>One frame of a guest as the guest knows it.</summary>
internal struct Content
{
    public Expected Expected;

    /// <summary>Number of the guest's last write.</summary>
    public uint Version;

    /// <summary>Shares and unshares of it that are under way.</summary>
    public int UnderWay;

    /// <summary>Of those, some were under way at the same time: in which order they took effect is open.</summary>
    public bool Contended;

    /// <summary>The guest shares it, and the hypervisor has yet to give a page, which must be zeroed before the guest sees it.</summary>
    public bool ZeroDue;

    /// <summary>The only ciphertext that may be accepted for it, or null.</summary>
    public byte[]? Ciphertext;
}
