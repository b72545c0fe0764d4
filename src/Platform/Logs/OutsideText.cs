using System.Text;
using System.Text.RegularExpressions;

namespace VerSemi.Platform.Logs;

/// <summary>Text that may come from outside (names, reasons, messages of libraries), made fit for a log or an answer.</summary>
public static partial class OutsideText
{
    /// <summary>At most so many characters, the rest counted; control characters, which could feign a line or steer a terminal, as '�'.</summary>
    /// <param name="keepsLines">Line breaks and tabs stay, as in a stack trace.</param>
    public static string Cut(string text, int most, bool keepsLines = false)
    {
        var isLong = text.Length > most;
        if (!isLong && !text.Any(c => IsUnsafe(c, keepsLines)))
            return text;
        var end = isLong && most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : Math.Min(most, text.Length);
        var clean = new StringBuilder(end + 32);
        foreach (var c in text.AsSpan(0, end))
            clean.Append(IsUnsafe(c, keepsLines) ? '\uFFFD' : c);
        return isLong ? clean.Append($"… ({text.Length - end} more characters)").ToString() : clean.ToString();
    }

    /// <summary>Without the paths of this machine's files: who asks from elsewhere has no use for them, but to attack.</summary>
    public static string WithoutPaths(string text) => FilePath().Replace(text, "(a file of the server)");

    // U+0080 to U+009F are control characters as well; U+2028, U+2029 and the marks of direction change what a reader sees.
    private static bool IsUnsafe(char c, bool keepsLines) =>
        (char.IsControl(c) && !(keepsLines && c is '\n' or '\r' or '\t')) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    // In quotes, as .NET names files, with blanks; else up to the next blank. Addresses (http://…) and parts of relative paths are none.
    [GeneratedRegex("""'/[^'\n]*'|"/[^"\n]*"|(?<![\w:/.)\]}>-])/[^\s'",;()]+""")]
    private static partial Regex FilePath();
}
