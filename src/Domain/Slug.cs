using System.Text;

namespace VerSemi.Domain;

/// <summary>Names that are safe in paths, addresses and on a command line: lower-case letters a–z, digits and single '-' between them.</summary>
public static class Slug
{
    /// <summary>A task's name is made of two, and names of files are made of it.</summary>
    public const int MostLetters = 100;

    /// <summary>"Left Kidney (v2)" becomes "left-kidney-v2". Empty where the text has no such letter or digit.</summary>
    public static string Of(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var c in text)
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        return slug.ToString().TrimEnd('-');
    }

    public static bool Is(string text) => text.Length is > 0 and <= MostLetters && Of(text) == text;

    /// <summary>Whether this is "dataset/label", both slugs.</summary>
    public static bool IsTaskId(string text) => text.Split('/') is [var dataset, var label] && Is(dataset) && Is(label);
}
