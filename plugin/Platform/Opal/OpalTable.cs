using System.Diagnostics.CodeAnalysis;

namespace RenodeUvmem.Platform.Opal;

/// <summary>The calls that this firmware has. OPAL_CHECK_TOKEN answers from it.</summary>
public sealed class OpalTable
{
    private readonly Dictionary<OpalToken, OpalHandler> handlers = [];

    /// <summary>Declares a call.</summary>
    public void Add(OpalToken token, OpalHandler handler) => handlers.Add(token, handler);

    /// <summary>Whether the call exists.</summary>
    public bool Has(OpalToken token) => handlers.ContainsKey(token);

    /// <summary>The handler of a call.</summary>
    public bool TryGet(OpalToken token, [MaybeNullWhen(false)] out OpalHandler handler) => handlers.TryGetValue(token, out handler);
}

/// <summary>Calls that belong together.</summary>
public interface IOpalCalls
{
    /// <summary>Declares the calls of this group.</summary>
    void AddTo(OpalTable table);
}
