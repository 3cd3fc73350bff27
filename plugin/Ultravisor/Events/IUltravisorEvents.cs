using System.Runtime.CompilerServices;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Takes events.</summary>
public interface IUltravisorEvents
{
    /// <summary>Called between instructions.</summary>
    void Record(in UvEvent happened);
}
