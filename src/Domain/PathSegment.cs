using System.Globalization;
using System.Text;

namespace VerSemi.Domain;

/// <summary>A name from outside that is one segment of a path and nothing else. Only <see cref="Of"/> makes one, so that what holds one needs no check.</summary>
public sealed record PathSegment
{
    /// <summary>The longest name of a file system, in bytes of UTF-8.</summary>
    public const int MostBytes = 255;

    /// <summary>What a name may be, for errors.</summary>
    public const string Allowed =
        "one part of a path, without '/', '\\', control and invisible characters, without '.' or '_' at its begin, '.' at its end and spaces at either, of at most 255 bytes";

    private PathSegment(string text) => Text = text;

    public string Text { get; }

    /// <param name="thing">What is named, for the error: "a drop", "a case", ….</param>
    /// <exception cref="DomainException">The text is no safe name.</exception>
    public static PathSegment Of(string thing, string? text) => FaultOf(text) is { } fault
        ? throw new DomainException($"'{ShownText.Of(text ?? "")}' cannot name {thing}: it {fault}. Possible is {Allowed}.")
        : new PathSegment(text!);

    public static bool Is(string? text) => FaultOf(text) is null;

    /// <summary>Whether every part of the path, between its '/', is a safe name.</summary>
    public static bool AreAll(string path) => path.Split('/').All(Is);

    /// <summary>What is wrong, as the end of "it …"; null where nothing is.</summary>
    public static string? FaultOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "is empty";
        if (text.AsSpan().IndexOfAny('/', '\\') is >= 0 and var slash)
            return text[slash] == '/' ? "holds a '/'" : "holds a backslash";
        if (text[0] is '.' or '_')
            return $"begins with '{text[0]}'";
        if (text[^1] == '.')
            return "ends with '.'";
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return "begins or ends with a space";
        return FaultOfCharacters(text) ?? FaultOfLength(text);
    }

    // The compiler makes one of what becomes a part of a blob's path (BlobLayout), wherever the name comes from: no caller can forget it.
    public static implicit operator PathSegment(string text) => Of("a part of a path", text);

    public override string ToString() => Text;

    private static string? FaultOfCharacters(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (text[i] == '\uFFFD')
                return "holds U+FFFD, which stands for bytes that are not UTF-8";
            else if (ShownText.IsInvisible(text[i]))
                return string.Create(CultureInfo.InvariantCulture, $"holds the {(char.IsSurrogate(text[i]) ? "half of a surrogate pair" : "control or invisible character")} U+{(int)text[i]:X4}");
        return null;
    }

    private static string? FaultOfLength(string text) =>
        Encoding.UTF8.GetByteCount(text) is > MostBytes and var bytes ? string.Create(CultureInfo.InvariantCulture, $"has {bytes} bytes") : null;
}
