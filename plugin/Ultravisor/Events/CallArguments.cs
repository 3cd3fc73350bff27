using System.Runtime.CompilerServices;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Up to nine call arguments.</summary>
[InlineArray(9)]
public struct CallArguments
{
    private ulong first;
}
