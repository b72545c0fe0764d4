namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>Pixels whose centres lie inside of an odd number of polygons (the even-odd rule, within one polygon as well).</summary>
internal static class PolygonFill
{
    /// <param name="polygons">Columns and rows; (0, 0) is the centre of the first pixel.</param>
    /// <returns>Row after row.</returns>
    public static bool[] Xor(IEnumerable<(double X, double Y)[]> polygons, int columns, int rows)
    {
        var inside = new bool[columns * rows];
        var crossings = new List<double>();
        foreach (var polygon in polygons)
        {
            var (first, last) = (Math.Max(0, Math.Ceiling(polygon.Min(point => point.Y))), Math.Min(rows - 1, Math.Floor(polygon.Max(point => point.Y))));
            for (var y = (int)first; y <= last; y++)
            {
                Cross(polygon, y, crossings);
                for (var i = 0; i + 1 < crossings.Count; i += 2)
                    for (var x = (int)Math.Max(0, Math.Ceiling(crossings[i])); x < Math.Min(columns, crossings[i + 1]); x++)
                        inside[x + columns * y] ^= true;
            }
        }
        return inside;
    }

    /// <summary>Where the polygon's edges cross a row of centres, in order. An edge holds its lower end and not its upper one, so that a corner counts once.</summary>
    private static void Cross((double X, double Y)[] polygon, int y, List<double> crossings)
    {
        crossings.Clear();
        for (var i = 0; i < polygon.Length; i++)
        {
            var (a, b) = (polygon[i], polygon[(i + 1) % polygon.Length]);
            if (a.Y <= y != b.Y <= y)
                crossings.Add(a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X));
        }
        crossings.Sort();
    }
}
