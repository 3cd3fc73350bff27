using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace RenodeUvmem.Tests;

/// <summary>
/// Keeps snapshots complete: says for each instance field of a class whether a snapshot holds it, or why it need not. A field that was added
/// is in no list, and the test says so.
/// </summary>
internal static partial class FieldAccount
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Fails unless the two lists, words divided by spaces, are exactly the fields of a class; properties count by their own name, parameters of the class by theirs.</summary>
    public static void Complete(Type type, string held, string notHeld)
    {
        string[] there = [.. Fields(type).Order(StringComparer.Ordinal)];
        string[] known = [.. Words(held).Concat(Words(notHeld)).Order(StringComparer.Ordinal)];
        Assert.That(string.Join(' ', there.Except(known)), Is.Empty, $"new fields of {type.Name}: write them in Save, read them in Load, or say here that they are no state");
        Assert.That(string.Join(' ', known.Except(there)), Is.Empty, $"{type.Name} no longer has these fields");
    }

    private static IEnumerable<string> Fields(Type type)
    {
        for (Type? one = type; one is not null && one != typeof(object); one = one.BaseType)
        {
            foreach (FieldInfo field in one.GetFields(Own))
                yield return Generated().Replace(field.Name, "$1");
        }
    }

    private static string[] Words(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // <Name>k__BackingField, <name>P.
    [GeneratedRegex("^<(.+)>(k__BackingField|P)$")]
    private static partial Regex Generated();
}
