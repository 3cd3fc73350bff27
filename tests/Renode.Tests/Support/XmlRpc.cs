using System.Globalization;
using System.Xml.Linq;

namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>Requests and answers of XML-RPC (http://xmlrpc.com/spec.md): strings, numbers, truth values, lists, structs.</summary>
internal static class XmlRpc
{
    /// <summary>A request.</summary>
    public static string Request(string method, params object?[] parameters) =>
        new XDocument(
            new XElement(
                "methodCall",
                new XElement("methodName", method),
                new XElement("params", parameters.Select(parameter => new XElement("param", Write(parameter))))))
        .ToString(SaveOptions.DisableFormatting);

    /// <summary>The value of an answer.</summary>
    /// <exception cref="KeywordException">The answer is a fault.</exception>
    public static object? Answer(string text)
    {
        XElement answer = XDocument.Parse(text, LoadOptions.PreserveWhitespace).Root!;
        if (answer.Element("fault") is { } fault)
        {
            var what = (IReadOnlyDictionary<string, object?>)Read(fault.Element("value")!)!;
            throw new KeywordException($"{what["faultString"]}");
        }

        return Read(answer.Element("params")!.Element("param")!.Element("value")!);
    }

    private static XElement Write(object? value) =>
        new("value", value switch
        {
            null => new XElement("nil"),
            string text => new XElement("string", text),
            bool truth => new XElement("boolean", truth ? "1" : "0"),
            int number => new XElement("int", number.ToString(CultureInfo.InvariantCulture)),
            long number => new XElement("int", checked((int)number).ToString(CultureInfo.InvariantCulture)),
            double number => new XElement("double", number.ToString("R", CultureInfo.InvariantCulture)),
            IEnumerable<object?> list => new XElement("array", new XElement("data", list.Select(Write))),
            _ => throw new ArgumentException($"XML-RPC has no type for {value.GetType().Name}", nameof(value)),
        });

    private static object? Read(XElement value)
    {
        // A value without a type is a string.
        if (value.Elements().FirstOrDefault() is not { } typed)
            return value.Value;
        return typed.Name.LocalName switch
        {
            "string" => typed.Value,
            "int" or "i4" or "i8" => long.Parse(typed.Value, CultureInfo.InvariantCulture),
            "boolean" => typed.Value == "1",
            "double" => double.Parse(typed.Value, CultureInfo.InvariantCulture),
            "base64" => Convert.FromBase64String(typed.Value),
            "nil" => null,
            "array" => typed.Element("data")!.Elements("value").Select(Read).ToList(),
            "struct" => typed.Elements("member").ToDictionary(member => member.Element("name")!.Value, member => Read(member.Element("value")!)),
            var other => throw new FormatException($"unknown XML-RPC type {other}"),
        };
    }
}
