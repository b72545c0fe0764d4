using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;
using VerSemi.Imaging.Nifti;
using VerSemi.UnitTests.Imaging.Metrics;

namespace VerSemi.Benchmarks.Speed;

/// <summary>Metrics and the NIfTI reader, without torch.</summary>
internal static class ImagingSpeed
{
    private static readonly (double, double, double) Spacing = (0.8, 0.8, 1.5);

    public static IEnumerable<Row> Distances(int threads, int repeats)
    {
        var large = new Size3(256, 256, 256);
        var (prediction, truth) = (Ball(large, 0.36, 0.02), Ball(large, 0.35, 0));
        var time = Measured.Of(repeats, () => SegmentationMetrics.Compare(prediction, truth, large, Spacing));
        yield return new Row("HD95 and ASD of two masks of 256³, balls of 90 voxels radius", $"{time.Seconds:0.00} s ({time.ProcessorSeconds:0.00} s of processor)", "≤ 1.5 s");

        var small = new Size3(64, 64, 64);
        var (a, b) = (Ball(small, 0.36, 0.05), Ball(small, 0.3, 0));
        MaskMetrics? ours = null, theirs = null;
        var fast = Measured.Of(repeats, () => ours = SegmentationMetrics.Compare(a, b, small, Spacing));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        theirs = BruteForce.Compare(a, b, small, Spacing);
        yield return new Row("of 64³, beside every surface voxel against every other", $"{1000 * fast.Seconds:0.0} ms beside {1000 * clock.Elapsed.TotalMilliseconds / 1000:0} ms; HD95 differs by {Math.Abs(ours!.Hd95!.Value - theirs.Hd95!.Value):0.0e0} mm, ASD by {Math.Abs(ours.Asd!.Value - theirs.Asd!.Value):0.0e0} mm");
    }

    public static IEnumerable<Row> Reading(int threads, int repeats)
    {
        var grid = new Grid(new Size3(256, 256, 128), Affine.Scaling(1, 1, 2));
        var random = new Random(1);
        // Whole numbers with noise, as a scanner gives them.
        var volume = new Volume<float>(grid, [.. Enumerable.Range(0, (int)grid.Size.Count).Select(i => MathF.Round(500 + 300 * MathF.Sin(i * 1e-4f) + 20 * random.NextSingle()))]);
        foreach (var ending in (string[])[".nii", ".nii.gz"])
        {
            var path = Path.Combine(Path.GetTempPath(), $"versemi-speed-{Guid.NewGuid():N}{ending}");
            try
            {
                NiftiFile.Write(path, volume);
                var time = Measured.Of(repeats, () => NiftiFile.ReadImage(path));
                yield return new Row($"reading a {ending} of {grid.Size}, float32", $"{volume.Voxels.Length * sizeof(float) / 1e6 / time.Seconds:0} MB of voxels a second");
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private static byte[] Ball(Size3 size, double radius, double shift)
    {
        var mask = new byte[size.Count];
        for (var i = 0; i < mask.Length; i++)
        {
            var (x, y, z) = (i % size.X / (double)size.X - 0.5 - shift, i / size.X % size.Y / (double)size.Y - 0.5, i / size.X / size.Y / (double)size.Z - 0.5);
            mask[i] = x * x + y * y + z * z < radius * radius ? (byte)1 : (byte)0;
        }
        return mask;
    }
}
