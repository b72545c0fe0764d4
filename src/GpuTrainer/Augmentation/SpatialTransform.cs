using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>
/// Flips, rotation and scaling of a patch: for each of its voxels the place in the volume that it shows. Turns in
/// millimetres, so that shapes stay shapes where voxels are no cubes.
/// </summary>
/// <param name="Flipped">Along X, Y, Z: the patch is seen in a mirror.</param>
/// <param name="Turn">3×3 row-major, voxels to voxels: the inverse of what happens to the structures. Null: neither turned nor scaled.</param>
public sealed record SpatialTransform((bool X, bool Y, bool Z) Flipped, double[]? Turn)
{
    public static SpatialTransform None { get; } = new((false, false, false), null);

    public bool IsNone => Flipped == default && Turn is null;

    /// <param name="flipAxes">The axes along which a patch may be mirrored.</param>
    /// <param name="spacing">Millimetres along the volume's axes.</param>
    public static SpatialTransform Draw(AugmentationRanges ranges, IReadOnlyList<BodyAxis> flipAxes, (double X, double Y, double Z) spacing, ref CounterRandom random)
    {
        var flipped = new bool[3];
        foreach (var axis in flipAxes)
            flipped[(int)axis] = random.Chance(ranges.FlipProbability);
        var rotation = random.Chance(ranges.RotationProbability) ? Rotation(ranges.RotationDegrees, ref random) : null;
        var zoom = random.Chance(ranges.ScalingProbability) ? random.AroundOne(ranges.ScaleLow, ranges.ScaleHigh) : 1;
        return new SpatialTransform((flipped[0], flipped[1], flipped[2]), rotation is null && zoom == 1 ? null : Inverse(rotation ?? Identity, zoom, [spacing.X, spacing.Y, spacing.Z]));
    }

    private static double[] Identity => [1, 0, 0, 0, 1, 0, 0, 0, 1];

    private static double[] Rotation(double degrees, ref CounterRandom random)
    {
        var largest = degrees * Math.PI / 180;
        var rotation = Identity;
        for (var axis = 0; axis < 3; axis++)
        {
            var (sine, cosine) = Math.SinCos(random.Between(-largest, largest));
            var (a, b) = ((axis + 1) % 3, (axis + 2) % 3);
            for (var row = 0; row < 3; row++)
            {
                var (left, right) = (rotation[3 * row + a], rotation[3 * row + b]);
                (rotation[3 * row + a], rotation[3 * row + b]) = (cosine * left + sine * right, cosine * right - sine * left);
            }
        }
        return rotation;
    }

    // A rotation drawn from symmetric angles is as likely as its inverse: no need to transpose.
    private static double[] Inverse(double[] rotation, double zoom, double[] spacing) =>
        [.. rotation.Select((value, i) => value * spacing[i % 3] / spacing[i / 3] / zoom)];
}
