using System.Text;

namespace VerSemi.Domain;

/// <summary>The words of a name in lower case: "kidneyLeft_02" is kidney, left, 02.</summary>
public static class Words
{
    public static IReadOnlyList<string> Of(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (word.Length > 0 && IsBreak(text, i))
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (char.IsLetterOrDigit(text[i]))
                word.Append(char.ToLowerInvariant(text[i]));
        }
        return word.Length > 0 ? [.. words, word.ToString()] : words;
    }

    /// <summary>At a sign between words, between letters and digits, and before a capital that begins a word.</summary>
    private static bool IsBreak(string text, int at)
    {
        var (before, here) = (text[at - 1], text[at]);
        return !char.IsLetterOrDigit(here) || char.IsDigit(before) != char.IsDigit(here)
            || (char.IsUpper(here) && (char.IsLower(before) || (at + 1 < text.Length && char.IsLower(text[at + 1]))));
    }
}
