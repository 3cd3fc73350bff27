using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Antmicro.Renode.Exceptions;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Events;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>What the Monitor shows of a CPU.</summary>
public sealed unsafe partial class Power9
{
    private const uint MostBytes = 1 << 20;

    /// <summary>Disassembles, by default 10 instructions from the PC on, with the symbols of the world they belong to.</summary>
    /// <param name="addr">Effective address in the world of <see cref="DebugContext"/>; without one, what runs.</param>
    /// <param name="blockSize">Bytes.</param>
    /// <exception cref="RecoverableException">There is no memory at the address.</exception>
    public string DisassembleBlock(ulong? addr = null, uint blockSize = 40)
    {
        if (blockSize > MostBytes)
            throw new RecoverableException($"{blockSize} bytes are too many; {MostBytes} at most");
        return Read(core =>
        {
            ulong address = (addr ?? core.State->Nia) & ~3UL;

            // What does not run here and now is Linux, and little-endian.
            DebugContext world = addr is null ? RenodeUvmem.Power9.Debug.DebugContext.Any : context;
            bool here = world.Matches(core.State);
            bool little = !here || (core.State->Msr & Msr.LE) != 0;
            SymbolTable symbols = here ? SymbolsOf(core) : shared!.Symbols.Of(world.World == DebugWorld.Guest ? World.Guest : World.Hypervisor);
            var text = new StringBuilder();
            Span<byte> bytes = stackalloc byte[4];
            for (uint done = 0; done < blockSize; done += 4, address += 4)
            {
                if (!core.ReadDebug(address, bytes, world))
                {
                    if (done == 0)
                        throw new RecoverableException($"no memory at 0x{address:x} in context {world}; see DebugContext");
                    break;
                }

                uint word = little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
                text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"0x{address:x16}: {word:x8}  {RenodeUvmem.Power9.Isa.Disassembler.Text(word, address),-34}{symbols.Describe(address)}").TrimEnd());
            }

            return text.ToString();
        });
    }

    /// <summary>Where the CPU stands, its registers, and who called whom.</summary>
    public string Report() => Read(core => CrashReport.Of(core, SymbolsOf(core)));

    /// <summary>One line: where the CPU stands and in which state.</summary>
    public string Where() => Read(core => CrashReport.Where(core, SymbolsOf(core)));

    private SymbolTable SymbolsOf(PowerCpu core) =>
        shared!.Symbols.Of((core.State->Msr & Msr.HV) != 0 ? World.Hypervisor : World.Guest);
}
