using RenodeUvmem.Platform.Linux;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>Which file is mapped where a Linux process executes: the maple tree of its areas (Linux 6.1 and later; lib/maple_tree.c, mtree_lookup_walk).</summary>
/// <param name="layout">Layout of the kernel's structures.</param>
internal sealed class MappedFiles(KernelLayout layout)
{
    // Pointers to nodes: what says so in the root's low bits, type, address (lib/maple_tree.c, mte_mk_root, mt_mk_node).
    private const ulong NodeMark = 2;
    private const ulong MarkMask = 3;
    private const int TypeShift = 3;
    private const ulong TypeMask = 0xF;
    private const ulong NodeMask = ~255UL;

    // enum maple_type.
    private const ulong Leaf = 1;
    private const ulong Range = 2;
    private const ulong AllocationRange = 3;

    // Each level has ten branches or more.
    private const int MostLevels = 16;
    private const int NameLength = 64;

    private readonly ulong mm = layout["task_struct.mm"];
    private readonly ulong root = layout["mm_struct.mm_mt.ma_root"];
    private readonly NodeShape range = new(layout["maple_range_64.pivot"], layout["maple_range_64.slot"], layout["MAPLE_RANGE64_SLOTS"]);
    private readonly NodeShape allocationRange = new(layout["maple_arange_64.pivot"], layout["maple_arange_64.slot"], layout["MAPLE_ARANGE64_SLOTS"]);
    private readonly ulong start = layout["vm_area_struct.vm_start"];
    private readonly ulong end = layout["vm_area_struct.vm_end"];
    private readonly ulong pageOffset = layout["vm_area_struct.vm_pgoff"];
    private readonly ulong file = layout["vm_area_struct.vm_file"];
    private readonly ulong dentry = layout["file.f_path.dentry"];
    private readonly ulong name = layout["dentry.d_name.name"];
    private readonly int pageShift = (int)layout["PAGE_SHIFT"];

    /// <summary>For a layout that has it all, or null.</summary>
    public static MappedFiles? Of(KernelLayout? layout) => layout?.Find("mm_struct.mm_mt.ma_root") is null ? null : new MappedFiles(layout);

    /// <summary>Name of the file that is mapped at an address of a task, and the offset in it; null if there is none.</summary>
    public (string Name, ulong Offset)? Find(ulong task, ulong address, GuestReader memory)
    {
        if (task == 0 || !memory.TryRead(task + mm, out ulong space) || space == 0 || !memory.TryRead(space + root, out ulong entry))
            return null;
        ulong area = AreaOf(entry, address, memory);
        if (area == 0
            || !memory.TryRead(area + start, out ulong from) || !memory.TryRead(area + end, out ulong to) || address < from || address >= to
            || !memory.TryRead(area + pageOffset, out ulong page)
            || !memory.TryRead(area + file, out ulong mapped) || mapped == 0
            || !memory.TryRead(mapped + dentry, out ulong place)
            || !memory.TryRead(place + name, out ulong text)
            || memory.ReadText(text, NameLength) is not { } found)
        {
            return null;
        }

        return (found, address - from + (page << pageShift));
    }

    private ulong AreaOf(ulong entry, ulong address, GuestReader memory)
    {
        // One area alone stands in the root.
        if ((entry & MarkMask) != NodeMark)
            return entry;
        for (int level = 0; level < MostLevels; level++)
        {
            ulong type = (entry >> TypeShift) & TypeMask;
            NodeShape? shape = type is Leaf or Range ? range : type == AllocationRange ? allocationRange : null;
            if (shape is null || !TryStep(entry & NodeMask, shape, address, memory, out entry))
                return 0;
            if (type == Leaf)
                return entry;
        }

        return 0;
    }

    // The slot whose last address is not below; behind the last one that is used, pivots are 0.
    private static bool TryStep(ulong node, NodeShape shape, ulong address, GuestReader memory, out ulong next)
    {
        ulong slot = 0;
        for (; slot < shape.Slots - 1; slot++)
        {
            if (!memory.TryRead(node + shape.Pivots + (slot * 8), out ulong pivot))
            {
                next = 0;
                return false;
            }

            if (pivot >= address || (pivot == 0 && slot > 0))
                break;
        }

        return memory.TryRead(node + shape.First + (slot * 8), out next);
    }

    private sealed record NodeShape(ulong Pivots, ulong First, ulong Slots);
}
