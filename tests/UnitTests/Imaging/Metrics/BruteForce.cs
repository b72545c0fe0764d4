using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;

namespace VerSemi.UnitTests.Imaging.Metrics;

/// <summary>The definitions, word for word, every surface voxel against every other. Both masks hold a voxel.</summary>
internal static class BruteForce
{
    public static MaskMetrics Compare(byte[] prediction, byte[] truth, Size3 size, (double X, double Y, double Z) spacing)
    {
        var (a, b) = (Inside(prediction, size), Inside(truth, size));
        var both = a.Intersect(b).Count();
        var (surfaceA, surfaceB) = (Surface(a), Surface(b));
        var toTruth = Directed(surfaceA, surfaceB, spacing);
        var all = toTruth.Concat(Directed(surfaceB, surfaceA, spacing)).Order().ToList();
        var place = 0.95 * (all.Count - 1);
        var (below, above) = (all[(int)Math.Floor(place)], all[(int)Math.Ceiling(place)]);
        return new MaskMetrics(
            2.0 * both / (a.Count + b.Count), both / (double)a.Union(b).Count(),
            below + (place - Math.Floor(place)) * (above - below), toTruth.Average());
    }

    private static HashSet<(int X, int Y, int Z)> Inside(byte[] mask, Size3 size) =>
        [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0).Select(i => (i % size.X, i / size.X % size.Y, i / size.X / size.Y))];

    private static List<(int X, int Y, int Z)> Surface(HashSet<(int X, int Y, int Z)> mask) => mask.Where(v => !(
        mask.Contains((v.X - 1, v.Y, v.Z)) && mask.Contains((v.X + 1, v.Y, v.Z)) && mask.Contains((v.X, v.Y - 1, v.Z))
        && mask.Contains((v.X, v.Y + 1, v.Z)) && mask.Contains((v.X, v.Y, v.Z - 1)) && mask.Contains((v.X, v.Y, v.Z + 1)))).ToList();

    private static List<double> Directed(List<(int X, int Y, int Z)> from, List<(int X, int Y, int Z)> to, (double X, double Y, double Z) s) =>
        from.ConvertAll(p => to.Min(q => Math.Sqrt(Square((p.X - q.X) * s.X) + Square((p.Y - q.Y) * s.Y) + Square((p.Z - q.Z) * s.Z))));

    private static double Square(double value) => value * value;
}
