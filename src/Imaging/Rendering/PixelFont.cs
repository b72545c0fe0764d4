using SkiaSharp;

namespace VerSemi.Imaging.Rendering;

/// <summary>
/// Capitals of 5 × 7 dots, so that a picture reads the same on a machine without any fonts. Characters without a glyph
/// are drawn as a space.
/// </summary>
internal static class PixelFont
{
    public const int Height = 7, Advance = 6;

    /// <summary>Five columns a glyph, from the left; bit 0 is the top dot.</summary>
    private static readonly Dictionary<char, byte[]> Glyphs = Parse(
        """
        A 7E 11 11 11 7E
        B 7F 49 49 49 36
        C 3E 41 41 41 22
        D 7F 41 41 22 1C
        E 7F 49 49 49 41
        F 7F 09 09 09 01
        G 3E 41 49 49 7A
        H 7F 08 08 08 7F
        I 00 41 7F 41 00
        J 20 40 41 3F 01
        K 7F 08 14 22 41
        L 7F 40 40 40 40
        M 7F 02 0C 02 7F
        N 7F 04 08 10 7F
        O 3E 41 41 41 3E
        P 7F 09 09 09 06
        Q 3E 41 51 21 5E
        R 7F 09 19 29 46
        S 46 49 49 49 31
        T 01 01 7F 01 01
        U 3F 40 40 40 3F
        V 1F 20 40 20 1F
        W 3F 40 38 40 3F
        X 63 14 08 14 63
        Y 07 08 70 08 07
        Z 61 51 49 45 43
        0 3E 51 49 45 3E
        1 00 42 7F 40 00
        2 42 61 51 49 46
        3 21 41 45 4B 31
        4 18 14 12 7F 10
        5 27 45 45 45 39
        6 3C 4A 49 49 30
        7 01 71 09 05 03
        8 36 49 49 49 36
        9 06 49 49 29 1E
        . 00 60 60 00 00
        , 00 50 30 00 00
        : 00 36 36 00 00
        / 20 10 08 04 02
        - 08 08 08 08 08
        _ 40 40 40 40 40
        + 08 08 3E 08 08
        = 14 14 14 14 14
        % 23 13 08 64 62
        ( 00 1C 22 41 00
        ) 00 41 22 1C 00
        """);

    /// <summary>Draws capitals of <paramref name="text"/>, their upper left corner at (x, y), each dot a square of <paramref name="dot"/> pixels.</summary>
    public static void Draw(SKCanvas canvas, string text, int x, int y, int dot, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour };
        foreach (var character in text.ToUpperInvariant())
        {
            if (Glyphs.TryGetValue(character, out var columns))
                for (var column = 0; column < columns.Length; column++)
                    for (var row = 0; row < Height; row++)
                        if ((columns[column] >> row & 1) != 0)
                            canvas.DrawRect(x + column * dot, y + row * dot, dot, dot, paint);
            x += Advance * dot;
        }
    }

    public static int Width(string text, int dot) => text.Length * Advance * dot;

    private static Dictionary<char, byte[]> Parse(string table) => table.Split('\n').ToDictionary(
        line => line[0], line => Array.ConvertAll(line[2..].TrimEnd().Split(' '), hex => Convert.ToByte(hex, 16)));
}
