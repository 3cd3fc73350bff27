namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>A numbered list of rules or of breaks.</summary>
/// <param name="word">What the things in it are called.</param>
public abstract class TriggerSet<T>(string word)
    where T : Trigger
{
    private readonly List<T> all = [];

    /// <summary>All with their outcome, numbered from 0.</summary>
    public IReadOnlyList<T> All => all;

    /// <summary>Appends one.</summary>
    public void Add(T trigger) => all.Add(trigger);

    /// <summary>Removes one by its number; those behind it move up.</summary>
    /// <exception cref="RequestException">There is none of that number.</exception>
    public void RemoveAt(int index)
    {
        if (index < 0 || index >= all.Count)
            throw new RequestException($"there is no {word} {index}; " + (all.Count == 0 ? $"there are no {word}s at all" : $"{word}s are numbered 0 to {all.Count - 1}"));
        all.RemoveAt(index);
    }

    /// <summary>Removes one.</summary>
    public bool Remove(T trigger) => all.Remove(trigger);

    /// <summary>Removes all.</summary>
    public void Clear() => all.Clear();

    /// <summary>Shows an occurrence to all and returns the first that acts on it, or null.</summary>
    private protected T? Match(Occasion occasion, ulong call, ulong lpid, FrameSpan? frames)
    {
        T? acting = null;
        foreach (T trigger in all)
        {
            if (trigger.Sees(occasion, call, lpid, frames))
                acting ??= trigger;
        }

        if (acting is not null)
            acting.Acted++;
        return acting;
    }
}
