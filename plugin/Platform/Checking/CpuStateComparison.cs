using System.Reflection;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Checking;

/// <summary>Compares two CPUs' states, field by field, but for what is the host's: addresses of this process, requests, and what lives within a run.</summary>
internal static unsafe class CpuStateComparison
{
    // Beside pointers and enumerations, of which no register is one.
    private static readonly HashSet<string> NotCompared =
    [
        nameof(CpuState.CpuHandle), nameof(CpuState.StopRequested), nameof(CpuState.Translates), nameof(CpuState.Exits), nameof(CpuState.Concurrent), nameof(CpuState.AccessBuffer),
    ];

    private static readonly List<(string Name, int Offset, int Size, int Element)> Fields = [.. AllFields()];

    // Neighbours are compared at once.
    private static readonly List<(int Offset, int Size)> Spans = [.. Joined()];

    /// <summary>Whether all is equal.</summary>
    public static bool Equal(CpuState* one, CpuState* other)
    {
        foreach ((int offset, int size) in Spans)
        {
            if (!new ReadOnlySpan<byte>((byte*)one + offset, size).SequenceEqual(new ReadOnlySpan<byte>((byte*)other + offset, size)))
                return false;
        }

        return true;
    }

    /// <summary>What differs: name, the first one's value, the other.</summary>
    public static List<string> Differences(Cpu one, Cpu other)
    {
        var list = new List<string>();
        byte* left = (byte*)one.State;
        byte* right = (byte*)other.State;
        foreach ((string name, int offset, int size, int element) in Fields)
        {
            for (int at = 0; at < size; at += element)
            {
                (ulong value, ulong otherValue) = (Value(left + offset + at, element), Value(right + offset + at, element));
                if (value != otherValue)
                    list.Add($"{NameOf(name, size == element ? -1 : at / element)}: interpreted 0x{value:x}, translated 0x{otherValue:x}");
            }
        }

        return list;
    }

    private static ulong Value(byte* address, int size) => size switch
    {
        1 => *address,
        4 => *(uint*)address,
        _ => *(ulong*)address,
    };

    private static string NameOf(string field, int index) => field switch
    {
        _ when index < 0 => field.ToUpperInvariant(),
        nameof(CpuState.Gpr) => $"r{index}",
        nameof(CpuState.Cr) => $"cr{index}",
        nameof(CpuState.Vsr) => $"vs{index / 2} doubleword {1 - (index % 2)}",
        nameof(CpuState.Spr) => SprTable.Find(index)?.Name ?? $"SPR {index}",
        _ => $"{field}[{index}]",
    };

    private static IEnumerable<(string Name, int Offset, int Size, int Element)> AllFields()
    {
        foreach (FieldInfo field in typeof(CpuState).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (NotCompared.Contains(field.Name) || field.FieldType.IsPointer || field.FieldType.IsEnum)
                continue;
            int offset = (int)Marshal.OffsetOf<CpuState>(field.Name);
            if (field.GetCustomAttribute<System.Runtime.CompilerServices.FixedBufferAttribute>() is { } array)
                yield return (field.Name, offset, array.Length * Marshal.SizeOf(array.ElementType), Marshal.SizeOf(array.ElementType));
            else
                yield return (field.Name, offset, Marshal.SizeOf(field.FieldType), Marshal.SizeOf(field.FieldType));
        }
    }

    private static IEnumerable<(int Offset, int Size)> Joined()
    {
        int begin = -1;
        int end = -1;
        foreach ((_, int offset, int size, _) in Fields.OrderBy(field => field.Offset))
        {
            if (offset != end)
            {
                if (begin >= 0)
                    yield return (begin, end - begin);
                begin = offset;
            }

            end = offset + size;
        }

        yield return (begin, end - begin);
    }
}
