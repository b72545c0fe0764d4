using System.Globalization;
using System.Text;

namespace VerSemi.Domain;

/// <summary>Text from outside as it may stand in a message, a report or a log: short, and on one line.</summary>
public static class ShownText
{
    public const int Most = 80;

    /// <summary>Control characters, invisible ones and half surrogate pairs as \uXXXX; cut behind so many characters.</summary>
    public static string Of(string text, int most = Most)
    {
        var shown = new StringBuilder();
        for (var i = 0; i < text.Length && shown.Length < most; i++)
            if (char.IsSurrogatePair(text, i))
                shown.Append(text, i++, 2);
            else if (IsInvisible(text[i]))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            else
                shown.Append(text[i]);
        return text.Length > most ? $"{shown}… ({text.Length} characters)" : shown.ToString();
    }

    /// <summary>A control or format character, a line separator or half a surrogate pair.</summary>
    public static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
