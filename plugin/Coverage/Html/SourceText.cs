using System.Text;
using System.Text.RegularExpressions;

namespace RenodeUvmem.Coverage.Html;

/// <summary>Lines of C or assembler source as markup: comments, strings, directives and keywords have their colours.</summary>
internal sealed partial class SourceText
{
    private const string CommentEnd = "*/";

    private bool inComment;

    /// <summary>The next line.</summary>
    public string Line(string text)
    {
        var markup = new StringBuilder();
        int at = 0;
        if (inComment)
            at = Comment(text, 0, markup);
        while (at < text.Length)
        {
            Match token = Token().Match(text, at);
            if (!token.Success)
                break;
            markup.Append(Markup.Escape(text[at..token.Index]));
            if (token.Value == "/*")
            {
                at = Comment(text, token.Index, markup);
                continue;
            }

            string kind = token.Groups["comment"].Success ? "em" : token.Groups["string"].Success ? "s" : token.Groups["directive"].Success ? "d" : "k";
            markup.Append(kind == "em" ? $"<em>{Markup.Escape(token.Value)}</em>" : $"<span class=\"{kind}\">{Markup.Escape(token.Value)}</span>");
            at = token.Index + token.Length;
        }

        return markup.Append(Markup.Escape(text[Math.Min(at, text.Length)..])).ToString();
    }

    // A comment from a place on, as far as it goes in this line.
    private int Comment(string text, int from, StringBuilder markup)
    {
        int end = text.IndexOf(CommentEnd, inComment ? from : Math.Min(from + 2, text.Length), StringComparison.Ordinal);
        inComment = end < 0;
        int to = inComment ? text.Length : end + CommentEnd.Length;
        markup.Append($"<em>{Markup.Escape(text[from..to])}</em>");
        return to;
    }

    [GeneratedRegex("""(?<comment>//.*)|/\*|(?<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<directive>^\s*\#\s*\w+)|\b(?:auto|bool|break|case|char|const|continue|default|do|else|enum|extern|false|for|goto|if|inline|int|long|NULL|return|short|signed|sizeof|static|struct|switch|true|typedef|u8|u16|u32|u64|union|unsigned|void|volatile|while|__init|__exit|__be32|__be64)\b""")]
    private static partial Regex Token();
}
