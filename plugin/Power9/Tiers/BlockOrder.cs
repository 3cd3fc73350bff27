using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Order of blocks: each after all that lead to it.</summary>
internal static class BlockOrder
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static List<Block> Of(Block entry)
    {
        var done = new HashSet<Block>();
        var order = new List<Block>();
        Visit(entry);
        order.Reverse();
        return order;

        void Visit(Block block)
        {
            if (!done.Add(block))
                return;
            foreach (Block next in Successors(block))
                Visit(next);
            order.Add(block);
        }
    }

    public static IEnumerable<Block> Successors(Block block) => block.End switch
    {
        Jump jump => [jump.Target],
        Branch branch => [branch.Taken, branch.Fall],
        _ => [],
    };
}
