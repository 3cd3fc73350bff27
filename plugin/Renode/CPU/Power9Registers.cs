using System.Buffers.Binary;
using System.Globalization;
using Antmicro.Renode.Exceptions;
using RenodeUvmem.Power9.State;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>
/// The registers by GDB's features: power.core, power.fpu, power.altivec and power.vsx with the numbers that GDB's own descriptions give them
/// (gdb/features/rs6000), and the SPRs of <see cref="SprTable"/> behind them.
/// </summary>
internal static unsafe class Power9Registers
{
    private const int FirstFpr = 32;
    private const int Pc = 64;
    private const int FirstVr = 71;
    private const int FirstVsrHigh = 105;
    private const int FirstSpr = 200;
    private const int Vrs = 32;

    private static readonly List<(string Feature, List<Power9Register> Registers)> Groups = Build();

    private static readonly Dictionary<int, Power9Register> ByNumber = Groups.SelectMany(group => group.Registers).ToDictionary(register => register.Number);

    /// <summary>All, by number.</summary>
    public static IReadOnlyList<Power9Register> All { get; } = [.. ByNumber.Values.OrderBy(register => register.Number)];

    /// <summary><see cref="All"/> as Renode wants them.</summary>
    public static IReadOnlyList<CPURegister> Described { get; } = [.. All.Select(register => register.Describe())];

    /// <summary>The register with a number.</summary>
    /// <exception cref="RecoverableException">There is none.</exception>
    public static Power9Register Find(int number) =>
        ByNumber.TryGetValue(number, out Power9Register? register)
            ? register
            : throw new RecoverableException($"there is no register {number}; GetAllRegisters lists them");

    /// <summary>The target description.</summary>
    public static List<GDBFeatureDescriptor> Features()
    {
        var features = new List<GDBFeatureDescriptor>();
        foreach ((string name, List<Power9Register> registers) in Groups)
        {
            var feature = new GDBFeatureDescriptor(name);
            if (name.EndsWith("altivec", StringComparison.Ordinal))
                AddVectorTypes(feature);
            feature.Registers.AddRange(registers.Select(register => register.ForGdb()));
            features.Add(feature);
        }

        return features;
    }

    private static List<(string Feature, List<Power9Register> Registers)> Build()
    {
        var core = new List<Power9Register>();
        for (int n = 0; n < 32; n++)
        {
            int gpr = n;
            core.Add(new(n, Name("r", n), 64, "uint64", "general", c => c.State->Gpr[gpr], (c, v) => c.State->Gpr[gpr] = v));
        }

        core.Add(new(Pc, "pc", 64, "code_ptr", "general", c => c.State->Nia, (c, v) => c.State->Nia = v & ~3UL));
        core.Add(new(65, "msr", 64, "uint64", "general", c => c.State->Msr, (c, v) => c.SetMsr(v)));
        core.Add(new(66, "cr", 32, "uint32", "general", c => c.State->CrWord, (c, v) => c.State->CrWord = v));
        core.Add(Spr(67, "lr", 64, SprNumber.LR, "code_ptr", "general"));
        core.Add(Spr(68, "ctr", 64, SprNumber.CTR, "uint64", "general"));
        core.Add(new(69, "xer", 32, "uint32", "general", c => (uint)c.State->Xer, (c, v) => c.State->Xer = (uint)v));

        var fpu = new List<Power9Register>();
        for (int n = 0; n < 32; n++)
        {
            int high = (2 * n) + 1;
            fpu.Add(new(FirstFpr + n, Name("f", n), 64, "ieee_double", "float", c => c.State->Vsr[high], (c, v) => c.State->Vsr[high] = v));
        }

        fpu.Add(new(Power9Register.LastGeneral, "fpscr", 64, "uint64", "float", c => c.State->Fpscr, (c, v) => c.State->Fpscr = v));

        var altivec = new List<Power9Register>();
        for (int n = 0; n < 32; n++)
        {
            int low = 2 * (n + Vrs);
            altivec.Add(new(FirstVr + n, Name("vr", n), 128, "vec128", "vector", c => GetVector(c, low), (c, v) => SetVector(c, low, v)));
        }

        altivec.Add(new(103, "vscr", 32, "uint32", "vector", c => c.State->Vscr, (c, v) => c.State->Vscr = v));
        altivec.Add(Spr(104, "vrsave", 32, SprNumber.VRSAVE, "uint32", "vector"));

        var vsx = new List<Power9Register>();
        for (int n = 0; n < 32; n++)
        {
            int low = 2 * n;
            vsx.Add(new(FirstVsrHigh + n, string.Create(CultureInfo.InvariantCulture, $"vs{n}h"), 64, "uint64", "float", c => c.State->Vsr[low], (c, v) => c.State->Vsr[low] = v));
        }

        string[] shown = ["lr", "ctr", "xer", "vrsave"];
        var sprs = new List<Power9Register>();
        foreach (SprRow row in SprTable.Rows)
        {
            string name = row.Name.ToLowerInvariant();
            if (!shown.Contains(name) && !sprs.Exists(spr => spr.Name == name))
                sprs.Add(Spr(FirstSpr + row.Number, name, 64, row.Number, "uint64", "system"));
        }

        return
        [
            ("org.gnu.gdb.power.core", core),
            ("org.gnu.gdb.power.fpu", fpu),
            ("org.gnu.gdb.power.altivec", altivec),
            ("org.gnu.gdb.power.vsx", vsx),
            ("org.renodeuvmem.power9.spr", sprs),
        ];
    }

    private static Power9Register Spr(int number, string name, int bits, int spr, string type, string group) =>
        new(number, name, bits, type, group, c => RegisterValue.Create(c.ReadSpr(spr), (uint)bits), (c, v) => c.WriteSpr(spr, v));

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    // Little-endian bytes, as the protocol of a little-endian target wants them.
    private static RegisterValue GetVector(PowerCpu core, int low)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, core.State->Vsr[low]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), core.State->Vsr[low + 1]);
        return bytes;
    }

    private static void SetVector(PowerCpu core, int low, RegisterValue value)
    {
        byte[] bytes = value.ByteArrayValue ?? throw new RecoverableException("a vector register takes 16 bytes");
        if (bytes.Length != 16)
            throw new RecoverableException($"a vector register takes 16 bytes, not {bytes.Length}");
        core.State->Vsr[low] = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        core.State->Vsr[low + 1] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8));
    }

    private static void AddVectorTypes(GDBFeatureDescriptor feature)
    {
        feature.Types.Add(GDBCustomType.Vector("v4f", "ieee_single", 4));
        feature.Types.Add(GDBCustomType.Vector("v4i32", "int32", 4));
        feature.Types.Add(GDBCustomType.Vector("v8i16", "int16", 8));
        feature.Types.Add(GDBCustomType.Vector("v16i8", "int8", 16));
        feature.Types.Add(GDBCustomType.Union(
            "vec128",
            [
                new GDBTypeField("uint128", "uint128"),
                new GDBTypeField("v4_float", "v4f"),
                new GDBTypeField("v4_int32", "v4i32"),
                new GDBTypeField("v8_int16", "v8i16"),
                new GDBTypeField("v16_int8", "v16i8"),
            ]));
    }
}
