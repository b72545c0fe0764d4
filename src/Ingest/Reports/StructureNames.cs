using System.Globalization;
using VerSemi.Domain;

namespace VerSemi.Ingest.Reports;

/// <summary>
/// Whether two names may mean one structure. A name with another number, side or position never does: "rib left 1" is
/// not "rib left 2", and "kidney" is not "left kidney".
/// </summary>
internal static class StructureNames
{
    /// <summary>Shorter words that differ in one letter are other words.</summary>
    private const int ShortestMisspelt = 5;

    private static readonly (string Side, string[] Words)[] Sides =
    [
        ("left", ["left", "l", "lt", "lh", "lft", "links", "linke", "linker", "linkes", "linken", "li", "gauche", "izquierdo", "izquierda", "sinistro", "sinistra", "sinister", "sinistrum", "esquerdo", "esquerda", "左"]),
        ("right", ["right", "r", "rt", "rh", "rgt", "rechts", "rechte", "rechter", "rechtes", "rechten", "re", "droit", "droite", "derecho", "derecha", "destro", "destra", "dexter", "dextra", "dextrum", "direito", "direita", "右"]),
    ];

    private static readonly string[][] Numerals =
    [
        ["zero"], ["one", "first", "i"], ["two", "second", "ii"], ["three", "third", "iii"], ["four", "fourth", "iv"], ["five", "fifth", "v"], ["six", "sixth", "vi"],
        ["seven", "seventh", "vii"], ["eight", "eighth", "viii"], ["nine", "ninth", "ix"], ["ten", "tenth", "x"], ["eleven", "eleventh", "xi"], ["twelve", "twelfth", "xii"],
    ];

    private static readonly HashSet<string> Positions =
    [
        "anterior", "posterior", "superior", "inferior", "upper", "lower", "middle", "medial", "lateral", "central", "internal", "external", "inner", "outer", "ventral", "dorsal",
        "proximal", "distal", "cranial", "caudal", "ascending", "descending", "transverse", "sigmoid", "front", "top", "bottom", "rostral", "major", "minor", "maximus", "medius", "minimus",
    ];

    private static readonly Dictionary<string, string> Marks = Sides.SelectMany(side => side.Words.Select(word => (word, side.Side)))
        .Concat(Numerals.SelectMany((words, number) => words.Select(word => (word, number.ToString(CultureInfo.InvariantCulture)))))
        .Concat(Positions.Select(word => (word, word))).ToDictionary(mark => mark.Item1, mark => mark.Item2);

    private static readonly string[] Glued = ["left", "right", "links", "rechts"];

    public static bool MayBeSame(string a, string b)
    {
        var (one, other) = (Words.Of(a).SelectMany(Unglue).ToList(), Words.Of(b).SelectMany(Unglue).ToList());
        if (!MarksOf(one).SequenceEqual(MarksOf(other)))
            return false;
        var (wordsA, wordsB) = (one.Where(word => MarkOf(word) is null).ToList(), other.Where(word => MarkOf(word) is null).ToList());
        if (wordsA.Count == 0 || wordsB.Count == 0)
            return wordsA.Count == wordsB.Count;
        return wordsA.All(wordsB.Contains) || wordsB.All(wordsA.Contains) || IsMisspelt(string.Join('-', wordsA), string.Join('-', wordsB));
    }

    private static IEnumerable<string> MarksOf(IEnumerable<string> words) => words.Select(MarkOf).OfType<string>().Order(StringComparer.Ordinal);

    /// <summary>Sides and numbers in one way of writing; null for every other word. A letter that stands alone tells parts apart as a number does.</summary>
    private static string? MarkOf(string word) =>
        Marks.TryGetValue(word, out var mark) ? mark
        : char.IsDigit(word[0]) ? word.TrimStart('0') is { Length: > 0 } number ? number : "0"
        : word.Length == 1 ? word : null;

    /// <summary>"leftkidney" is left, kidney.</summary>
    private static IEnumerable<string> Unglue(string word)
    {
        foreach (var side in Glued.Where(side => word.Length >= side.Length + 3))
            if (word.StartsWith(side, StringComparison.Ordinal))
                return [side, word[side.Length..]];
            else if (word.EndsWith(side, StringComparison.Ordinal))
                return [word[..^side.Length], side];
        return [word];
    }

    private static bool IsMisspelt(string a, string b)
    {
        if (a.Length > b.Length)
            (a, b) = (b, a);
        if (a.Length < ShortestMisspelt || b.Length - a.Length > 1)
            return false;
        var same = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        return a[Math.Min(a.Length, same + (a.Length == b.Length ? 1 : 0))..] == b[Math.Min(b.Length, same + 1)..];
    }
}
