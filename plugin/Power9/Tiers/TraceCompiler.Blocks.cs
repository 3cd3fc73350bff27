using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>From blocks and trees to IL.</summary>
internal sealed unsafe partial class TraceCompiler
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitTranslated(int k, List<Block> blocks)
    {
        long? expected = Expected(k);
        foreach (Block block in blocks)
            block.Label = il.DefineLabel();
        if (expected is null)
        {
            EmitBlocks(k, blocks, null);
            return;
        }

        // What leaves the trace lies behind it.
        var stays = new HashSet<Block>();
        for (int n = blocks.Count - 1; n >= 0; n--)
        {
            Block block = blocks[n];
            if (block.End is Finish finish ? finish.Next is not Constant slot || slot.Value == expected : BlockOrder.Successors(block).Any(stays.Contains))
                stays.Add(block);
        }

        Label after = il.DefineLabel();
        EmitBlocks(k, [.. blocks.Where(stays.Contains)], after);
        il.MarkLabel(after);
        List<Block> leaving = [.. blocks.Where(block => !stays.Contains(block))];
        if (stays.Count == 0)
            EmitBlocks(k, leaving, null);
        else if (leaving.Count != 0)
            cold.Add((k, leaving));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitBlocks(int k, List<Block> blocks, Label? after)
    {
        for (int n = 0; n < blocks.Count; n++)
        {
            Block block = blocks[n];
            Block? following = n + 1 < blocks.Count ? blocks[n + 1] : null;
            il.MarkLabel(block.Label!.Value);
            foreach (Statement statement in block.Statements)
                EmitStatement(statement);
            EmitEnd(k, block.End!, following, after);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitEnd(int k, Terminator end, Block? following, Label? after)
    {
        switch (end)
        {
            case Jump jump:
                if (jump.Target != following)
                    il.Emit(OpCodes.Br, jump.Target.Label!.Value);
                break;
            case Branch branch:
                EmitNode(branch.Left);
                if (branch.Right is not null)
                    EmitNode(branch.Right);
                il.Emit(Operations.CodeOf(branch.Op), branch.Taken.Label!.Value);
                if (branch.Fall != following)
                    il.Emit(OpCodes.Br, branch.Fall.Label!.Value);
                break;
            case Finish { Next: Constant slot } when after is not null && slot.Value == Expected(k):
                if (following is not null)
                    il.Emit(OpCodes.Br, after.Value);
                break;
            case Finish { Next: Constant slot }:
                EmitExit(slot.Value, k + 1);
                break;
            case Finish finish:
                EmitNode(finish.Next);
                il.Emit(OpCodes.Stloc, next);
                if (after is not null)
                {
                    il.Emit(OpCodes.Ldloc, next);
                    il.Emit(OpCodes.Ldc_I8, Expected(k)!.Value);
                    il.Emit(OpCodes.Beq, after.Value);
                }

                il.Emit(OpCodes.Ldc_I8, (long)(k + 1));
                il.Emit(OpCodes.Stloc, done);
                il.Emit(OpCodes.Br, exit);
                break;
            case Restart:
                il.Emit(OpCodes.Ldc_I8, slots[k].Slot);
                il.Emit(OpCodes.Stloc, next);
                il.Emit(OpCodes.Ldc_I8, (long)k);
                il.Emit(OpCodes.Stloc, done);
                il.Emit(OpCodes.Br, restart);
                break;
            case Leave leave:
                EmitWriteBack();
                EmitStoreRemaining(k);
                EmitInvoke(leave.Call);
                il.Emit(OpCodes.Ret);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitStatement(Statement statement)
    {
        switch (statement)
        {
            case Assign assign:
                EmitNode(assign.Value);
                il.Emit(OpCodes.Stloc, LocalOf(assign.Variable));
                break;
            case Initialize initialize:
                il.Emit(OpCodes.Ldloca, LocalOf(initialize.Variable));
                il.Emit(OpCodes.Initobj, initialize.Variable.Type);
                break;
            case StateWrite write when kept.TryGetValue(write.Offset, out KeptPlace? place) && StatePlaces.IsKept(write.Offset, write.Access):
                EmitNode(write.Value);
                if (write.Access.Truncation is { } truncation)
                    il.Emit(Operations.CodeOf(truncation));
                il.Emit(OpCodes.Stloc, place.Local);
                break;
            case StateWrite write:
                EmitStatePointer(write.Offset);
                EmitNode(write.Value);
                write.Access.EmitStore(il);
                break;
            case Store store:
                EmitNode(store.Address);
                EmitNode(store.Value);
                store.Access.EmitStore(il);
                break;
            case Evaluate { Value: Invoke invoke }:
                EmitInvoke(invoke);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitNode(Node node)
    {
        switch (node)
        {
            case Constant { Kind: Kind.Int } constant:
                il.Emit(OpCodes.Ldc_I4, (int)constant.Value);
                break;
            case Constant constant:
                il.Emit(OpCodes.Ldc_I8, constant.Value);
                break;
            case RealConstant { Kind: Kind.Single } real:
                il.Emit(OpCodes.Ldc_R4, (float)real.Value);
                break;
            case RealConstant real:
                il.Emit(OpCodes.Ldc_R8, real.Value);
                break;
            case StateAddress address:
                EmitStatePointer(address.Offset);
                break;
            case Read read:
                il.Emit(OpCodes.Ldloc, LocalOf(read.Variable));
                break;
            case StateRead read when StatePlaces.IsKept(read.Offset, read.Access):
                il.Emit(OpCodes.Ldloc, kept[read.Offset].Local);
                break;
            case StateRead read:
                EmitStatePointer(read.Offset);
                read.Access.EmitLoad(il);
                break;
            case Load load:
                EmitNode(load.Address);
                load.Access.EmitLoad(il);
                break;
            case Unary unary:
                EmitNode(unary.Value);
                il.Emit(Operations.CodeOf(unary.Op));
                break;
            case Binary binary:
                EmitNode(binary.Left);
                EmitNode(binary.Right);
                il.Emit(Operations.CodeOf(binary.Op));
                break;
            case VariableAddress address:
                il.Emit(OpCodes.Ldloca, LocalOf(address.Variable));
                break;
            case FieldOf field:
                EmitNode(field.Value);
                il.Emit(OpCodes.Ldfld, field.Field);
                break;
            case Invoke invoke:
                EmitInvoke(invoke);
                break;
        }
    }

    private void EmitInvoke(Invoke invoke)
    {
        foreach (Node argument in invoke.Arguments)
            EmitNode(argument);
        if (invoke.Method is ConstructorInfo constructor)
            il.Emit(OpCodes.Newobj, constructor);
        else
            il.Emit(OpCodes.Call, (MethodInfo)invoke.Method);
    }

    private LocalBuilder LocalOf(Variable variable) => variable.Local ??= il.DeclareLocal(variable.Type);
}
