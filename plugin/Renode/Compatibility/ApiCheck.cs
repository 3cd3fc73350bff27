using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;

namespace RenodeUvmem.Renode.Compatibility;

/// <summary>
/// Whether the Renode that this assembly was loaded into has what it was compiled against. Uses no type of Renode itself, so that it runs in any. The loader asks before Renode sees
/// the plugin's types: one that can't be loaded there ends Renode.
/// </summary>
public static class ApiCheck
{
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
            MethodBase[] methods = [];
            Try(() => methods = [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)], found);
            foreach (MethodBase method in methods)
                Try(() => Compile(method, found), found);
        }

        return [.. found.Distinct()];
    }

    private static unsafe List<string> MissingMembers()
    {
        // Members of generic types and methods stand for any arguments; object does for all.
        Type[] any = Enumerable.Repeat(typeof(object), 8).ToArray();
        var missing = new List<string>();
        if (!Checked.TryGetRawMetadata(out byte* metadata, out int length))
            return ["The plugin has no metadata."];
        var reader = new MetadataReader(metadata, length);
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            try
            {
                Try(() => Checked.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), any, any), missing);
            }
            catch (ArgumentOutOfRangeException)
            {
                // What the runtime says of a field.
                missing.Add($"Field not found: '{reader.GetString(reader.GetMemberReference(handle).Name)}'.");
            }
        }

        return missing;
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

    private static void Compile(MethodBase method, List<string> found)
    {
        if (method.GetMethodBody() is null)
            return;
        if (!method.ContainsGenericParameters)
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        found.AddRange(PassedBy(method));
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
