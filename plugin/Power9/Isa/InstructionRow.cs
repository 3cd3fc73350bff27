using System.Collections.Concurrent;
using System.Reflection;

namespace RenodeUvmem.Power9.Isa;

/// <summary>One row of the instruction table: an <see cref="InsnAttribute"/> with the method that executes it and its encoding as mask and value.</summary>
public sealed class InstructionRow
{
    private readonly MethodInfo method;
    private readonly string[] typeParameters;

    // By the choices of type arguments, two bits each; made when the row is first met. CPUs decode at the same time: what is lost in a race is found again.
    private nint[]? handlers;

    // Translators ask on threads of their own.
    private static readonly ConcurrentDictionary<nint, MethodInfo> Methods = new();

    internal InstructionRow(InsnAttribute attribute, MethodInfo method)
    {
        Declaration = attribute;
        this.method = method;
        typeParameters = method.IsGenericMethodDefinition ? [.. method.GetGenericArguments().Select(p => p.Name)] : [];
        (Mask, Value) = FormFields.Encoding(attribute);
        ZeroRa = attribute.Operands.Contains("RA0", StringComparison.Ordinal);
        Unsigned = attribute.Operands.Contains("UI", StringComparison.Ordinal);
        HasSpr = attribute.Operands.Contains("SPR", StringComparison.Ordinal);
    }

    /// <summary>The declared facts.</summary>
    public InsnAttribute Declaration { get; }

    /// <summary>Bits that select this row.</summary>
    public uint Mask { get; }

    /// <summary>Their values.</summary>
    public uint Value { get; }

    /// <summary>The handler class, which stands for the section of the ISA: what kind of instruction this is.</summary>
    public Type Group => method.DeclaringType!;

    /// <summary>
    /// How often a word was decoded to this row since the process began: an instruction is decoded when it is first reached. For reports of coverage;
    /// threads that decode at the same moment may lose counts.
    /// </summary>
    public long Decodes { get; internal set; }

    internal bool ZeroRa { get; }

    internal bool Unsigned { get; }

    internal bool HasSpr { get; }

    /// <summary>Mnemonic with the variant letters this word selects: <c>add[o][.]</c> becomes <c>add.</c> when Rc=1.</summary>
    public string MnemonicOf(uint word)
    {
        string name = Declaration.Mnemonic;
        if (!name.Contains('[', StringComparison.Ordinal))
            return name;
        int rcBit = FormFields.RcBit(Declaration.Form);
        name = name.Replace("[o]", FormFields.Bit(word, 21) ? "o" : "", StringComparison.Ordinal);
        name = name.Replace("[.]", FormFields.Bit(word, rcBit) ? "." : "", StringComparison.Ordinal);
        name = name.Replace("[l]", FormFields.Bit(word, 31) ? "l" : "", StringComparison.Ordinal);
        return name.Replace("[a]", FormFields.Bit(word, 30) ? "a" : "", StringComparison.Ordinal);
    }

    /// <summary>All names that words of this row have.</summary>
    public IEnumerable<string> Mnemonics()
    {
        IEnumerable<string> names = [Declaration.Mnemonic];
        foreach (string variant in new[] { "[o]", "[.]", "[l]", "[a]" })
        {
            names = names.SelectMany(name => name.Contains(variant, StringComparison.Ordinal)
                ? [name.Replace(variant, "", StringComparison.Ordinal), name.Replace(variant, variant[1..^1], StringComparison.Ordinal)]
                : new[] { name });
        }

        return names;
    }

    /// <summary>Handler for a word in a mode. Resolved once for each combination of type arguments.</summary>
    internal nint Handler(uint word, int mode, bool near)
    {
        uint key = 0;
        for (int k = 0; k < typeParameters.Length; k++)
            key = (key << 2) | (uint)Choice(typeParameters[k], word, mode, near);
        nint[] known = handlers ??= new nint[1 << (2 * typeParameters.Length)];
        nint handler = known[key];
        if (handler != 0)
            return handler;
        MethodInfo bound = method;
        if (typeParameters.Length > 0)
        {
            var arguments = new Type[typeParameters.Length];
            for (int k = 0; k < arguments.Length; k++)
            {
                int choice = Choice(typeParameters[k], word, mode, near);
                arguments[k] = typeParameters[k] == "TMode" ? DecodeMode.Types[choice] : choice != 0 ? typeof(On) : typeof(Off);
            }

            bound = method.MakeGenericMethod(arguments);
        }

        handler = bound.MethodHandle.GetFunctionPointer();
        Methods[handler] = bound;
        known[key] = handler;
        return handler;
    }

    /// <summary>The method that a slot's handler is, type arguments bound, or null if it is none of an instruction.</summary>
    internal static MethodInfo? MethodOf(nint handler) => Methods.GetValueOrDefault(handler);

    private int Choice(string typeParameter, uint word, int mode, bool near)
    {
        bool set = typeParameter switch
        {
            "TMode" => false,
            "TNear" => near,
            "TRc" => FormFields.Bit(word, FormFields.RcBit(Declaration.Form)),
            "TOe" => FormFields.Bit(word, 21),
            "TLk" => FormFields.Bit(word, 31),
            "TAa" => FormFields.Bit(word, 30),
            "TSame" => FormFields.Bits(word, 6, 10) == FormFields.Bits(word, 11, 15) && FormFields.Bits(word, 11, 15) == FormFields.Bits(word, 16, 20),
            "TL" => FormFields.Bit(word, 10),
            _ when typeParameter.StartsWith("TBit", StringComparison.Ordinal) => FormFields.Bit(word, int.Parse(typeParameter.AsSpan(4))),
            _ => throw new InvalidOperationException($"{method.DeclaringType?.Name}.{method.Name}: type parameter {typeParameter} names no instruction bit"),
        };
        return typeParameter == "TMode" ? mode : set ? 1 : 0;
    }
}
