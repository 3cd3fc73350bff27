using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Formatting;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>Words whose first one is a call or another moment that rules and breaks wait for.</summary>
internal sealed class Clause : Words
{
    private const string Break = "break";

    /// <summary>Splits a text.</summary>
    /// <param name="kind">"rule" or "break", for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="shape">What a right one looks like.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public Clause(string kind, string text, string shape)
        : base(kind, text, shape, Break)
    {
        if (OccasionName.Find(First) is { } occasion)
            Occasion = occasion;
        else
            (Occasion, Call) = ParseCall(First);
    }

    /// <summary>What it waits for.</summary>
    public Occasion Occasion { get; }

    /// <summary>The call, or 0.</summary>
    public ulong Call { get; }

    /// <summary>Whether the word "break" is among the words.</summary>
    public bool IsBreak => Has(Break);

    /// <summary>Whether it waits for a call.</summary>
    public bool IsCall => Occasion is Occasion.UltraCall or Occasion.Hypercall;

    /// <summary>Takes gfn= or gpa= out: the number of a frame, or null.</summary>
    public ulong? TakeFrame()
    {
        ulong? gfn = TakeNumber("gfn");
        ulong? gpa = TakeNumber("gpa");
        if (gfn is not null && gpa is not null)
            throw Error("gfn= and gpa= say the same; give one");
        if ((gfn ?? gpa) is not null && !IsCall)
            throw Error($"{OccasionName.Of(Occasion)} is not about one frame; leave gfn= and gpa= out");
        return gfn ?? gpa / SecureHeap.FrameSize;
    }

    private static (Occasion Occasion, ulong Call) ParseCall(string name)
    {
        try
        {
            var call = CallName.Parse(name);
            return (call.IsHypercall ? Occasion.Hypercall : Occasion.UltraCall, call.Number);
        }
        catch (FormatException) when (CloseMatch.Of(name, OccasionName.All) is [var close, ..])
        {
            throw new FormatException($"\"{name}\" is no ultracall, hypercall or step in an SVM's life, did you mean {close}?");
        }
    }
}
