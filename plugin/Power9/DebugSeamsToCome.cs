// Placeholder until the remaining seams of ARCHITECTURE.md are here; it only lets the Renode adapter compile.
#pragma warning disable
namespace RenodeUvmem.Power9.Debug
{
    public readonly record struct WatchedAccess(ulong Ea, ulong Real, int Size, RenodeUvmem.Power9.Mmu.AccessKind Kind, ulong Value, ulong Cia);
    public interface IAccessWatcher { void Accessed(RenodeUvmem.Power9.Execution.Cpu cpu, in WatchedAccess access); }
    public sealed class WatchSet { public IAccessWatcher? Watcher { get; set; } public void AddEffective(ulong a) { } public void RemoveEffective(ulong a) { } public void AddReal(ulong a) { } public void RemoveReal(ulong a) { } }
}
namespace RenodeUvmem.Power9.Execution
{
    using RenodeUvmem.Power9.Debug;
    public sealed unsafe partial class Cpu
    {
        public WatchSet Watch { get; } = new();
        public void RequestReturn() { ReturnRequested = true; }
        public bool TryTranslate(ulong ea, Mmu.AccessKind kind, DebugContext? c, out ulong real) { Translate(ea, kind, out var t); real = t.Real; return t.Fault == 0; }
        public bool ReadDebug(ulong ea, Span<byte> bytes, DebugContext? c) { if (!TryTranslate(ea, Mmu.AccessKind.Load, c, out ulong r)) return false; byte* p = Memory.Pointer(r, (ulong)bytes.Length); if (p == null) return false; new Span<byte>(p, bytes.Length).CopyTo(bytes); return true; }
        public ulong ReadSpr(int n) => State->Spr[n];
        public void WriteSpr(int n, ulong v) => State->Spr[n] = v;
    }
}
