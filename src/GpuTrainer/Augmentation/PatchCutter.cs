using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>Cuts patches as the recipe's augmentation says; a pure function of the volume, the place and the random numbers.</summary>
public sealed class PatchCutter(TrainingRecipe recipe)
{
    private readonly Size3 _patch = new(recipe.Patch[0], recipe.Patch[1], recipe.Patch[2]);

    /// <param name="corner">Of the patch as it is without augmentation.</param>
    /// <param name="centre">A voxel that must be in the patch: it is turned and scaled about this one.</param>
    /// <param name="image">(D, H, W), all 0.</param>
    /// <param name="label">(D, H, W), all 0; empty for an unlabelled volume.</param>
    public void Cut(PreparedVolume volume, (int X, int Y, int Z) corner, (int X, int Y, int Z)? centre, CounterRandom random, Span<float> image, Span<ushort> label)
    {
        var augmented = recipe.Augmentation == AugmentationSet.Standard;
        var transform = augmented ? SpatialTransform.Draw(recipe.AugmentationRanges, recipe.FlipAxes, volume.Image.Grid.Spacing, ref random) : SpatialTransform.None;
        if (transform.IsNone)
            Copy(volume, corner, image, label);
        else
            Sample(volume, new TransformedPatch(transform, corner, centre ?? Middle(corner), volume.Size, _patch), image, label);
        if (augmented)
            IntensityTransforms.Apply(image, _patch, recipe.AugmentationRanges, ref random);
    }

    private void Copy(PreparedVolume volume, (int X, int Y, int Z) corner, Span<float> image, Span<ushort> label)
    {
        Patches.Copy(volume.Image, corner, _patch, image);
        if (!label.IsEmpty)
            Patches.Copy(volume.Label!, corner, _patch, label);
    }

    private static void Sample(PreparedVolume volume, TransformedPatch patch, Span<float> image, Span<ushort> label)
    {
        patch.Image(volume.Image, image);
        if (!label.IsEmpty)
            patch.Label(volume.Label!, label);
    }

    private (double X, double Y, double Z) Middle((int X, int Y, int Z) corner) =>
        (corner.X + (_patch.X - 1) / 2.0, corner.Y + (_patch.Y - 1) / 2.0, corner.Z + (_patch.Z - 1) / 2.0);
}
