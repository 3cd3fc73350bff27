using System.Reflection;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Renode.Compatibility;

/// <summary>
/// Whether the Renode that this assembly was loaded into has what it was compiled against. Uses no type of Renode itself, so that it runs in any. The loader asks before Renode sees
/// the plugin's types: one that can't be loaded there ends Renode.
/// </summary>
public static class ApiCheck
{
    // ECMA-335 II.22.25: the table of members that are defined elsewhere.
    private const int MemberReferences = 0x0A000000;

    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly Checked = typeof(ApiCheck).Assembly;

    /// <summary>Members and types that are missing, and interfaces that are not implemented: a sentence each, none if all is well. Fast.</summary>
    public static string[] Missing() => [.. MissingMembers().Concat(UnloadableTypes(out _)).Distinct()];

    /// <summary>As <see cref="Missing"/>, with all that compiling each method finds, and base calls that pass by an override. Takes a second.</summary>
    public static string[] MissingForAll()
    {
        List<string> found = [.. MissingMembers(), .. UnloadableTypes(out Type[] types)];
        foreach (Type type in types)
        {
            foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            {
                if (method.GetMethodBody() is null)
                    continue;
                if (!method.ContainsGenericParameters)
                    Try(() => RuntimeHelpers.PrepareMethod(method.MethodHandle), found);
                Try(() => found.AddRange(PassedBy(method)), found);
            }
        }

        return [.. found.Distinct()];
    }

    private static List<string> MissingMembers()
    {
        // Members of generic types and methods stand for any arguments; object does for all.
        Type[] any = Enumerable.Repeat(typeof(object), 8).ToArray();
        var missing = new List<string>();
        for (int token = MemberReferences + 1; ; token++)
        {
            try
            {
                Checked.ManifestModule.ResolveMember(token, any, any);
            }
            catch (ArgumentOutOfRangeException)
            {
                return missing;
            }
            catch (Exception e) when (e is MissingMemberException or TypeLoadException or IOException)
            {
                missing.Add(e.Message);
            }
        }
    }

    private static IEnumerable<string> UnloadableTypes(out Type[] loadable)
    {
        try
        {
            loadable = Checked.GetTypes();
            return [];
        }
        catch (ReflectionTypeLoadException e)
        {
            loadable = [.. e.Types.OfType<Type>()];
            return e.LoaderExceptions.OfType<Exception>().Select(reason => reason.Message);
        }
    }

    // base.X() names the class that declared the nearest override when this was compiled. Where Renode has a nearer one by now, that would not run.
    private static IEnumerable<string> PassedBy(MethodBase method)
    {
        foreach (MethodBase called in DirectCalls.Of(method))
        {
            if (called is not MethodInfo { IsVirtual: true } target || method.DeclaringType?.IsSubclassOf(target.DeclaringType!) != true)
                continue;
            for (Type? type = method.DeclaringType.BaseType; type is not null && type != target.DeclaringType; type = type.BaseType)
            {
                if (Array.Exists(type.GetMethods(Declared), nearer => nearer.GetBaseDefinition() == target.GetBaseDefinition()))
                    yield return $"Base call passes by: '{type}.{target.Name}' in {method.DeclaringType.Name}.{method.Name}.";
            }
        }
    }

    private static void Try(Action action, List<string> found)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or IOException)
        {
            found.Add(e.Message);
        }
    }
}
