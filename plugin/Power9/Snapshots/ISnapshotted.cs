namespace RenodeUvmem.Power9.Snapshots;

/// <summary>A part of a machine that a snapshot holds. Both methods go over the same data in the same order; neither may be called while a CPU executes.</summary>
public interface ISnapshotted
{
    /// <summary>Writes the state.</summary>
    void Save(SnapshotWriter writer);

    /// <summary>Reads it into an object that was built and connected as the saved one was.</summary>
    /// <exception cref="SnapshotException">The snapshot does not fit; the object must not be used.</exception>
    void Load(SnapshotReader reader);
}
