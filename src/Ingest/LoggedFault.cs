using System.Text.RegularExpressions;

namespace VerSemi.Ingest;

/// <summary>An error as it may stand in a log: of a file that people dropped only the drop is said, since a case's name may be a person's.</summary>
internal static partial class LoggedFault
{
    /// <returns>With the stack trace.</returns>
    public static string Of(Exception e) => Cut(e.ToString());

    public static string Cut(string text) => FileOfDrop().Replace(text, "$1…");

    // To the quote or the end of the line: names have blanks.
    [GeneratedRegex("""(incoming(?:/|%2F)[^/%'"\n]+(?:/|%2F))[^'"\n]+""", RegexOptions.IgnoreCase)]
    private static partial Regex FileOfDrop();
}
