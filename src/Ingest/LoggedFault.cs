using System.Text.RegularExpressions;

namespace VerSemi.Ingest;

/// <summary>An error as it may stand in a log: of a file that people dropped only the drop is said, since a case's name may be a person's.</summary>
internal static partial class LoggedFault
{
    /// <returns>With the stack trace: an object, since a log cuts text that is a value.</returns>
    public static object Of(Exception e) => new StackTrace(Cut(e.ToString()));

    public static string Cut(string text) => FileOfDrop().Replace(text, "$1…");

    private sealed record StackTrace(string Text)
    {
        public override string ToString() => Text;
    }

    // To the quote or the end of the line: names have blanks.
    [GeneratedRegex("""(incoming(?:/|%2F)[^/%'"\n]+(?:/|%2F))[^'"\n]+""", RegexOptions.IgnoreCase)]
    private static partial Regex FileOfDrop();
}
