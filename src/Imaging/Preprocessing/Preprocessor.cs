using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Preprocessing;

/// <summary>From a file's grid to the grid that the network sees (RAS axes, the modality's spacing) and back.</summary>
public static class Preprocessor
{
    /// <summary>
    /// Reorients to RAS, resamples (trilinear) to the rule's spacing, maps intensities (statistics over the voxels of the
    /// result). NaN voxels count as the lowest finite value, padding as air. The image itself is not changed.
    /// </summary>
    public static Volume<float> Prepare(Volume<float> image, ModalityPreprocessing rule)
    {
        var grid = PreparedGrid(image.Grid, rule);
        var ras = Orientation.Of(image.Grid.Affine).ToRas(image);
        Intensity.ReplaceNonNumbers(ras.Voxels);
        if (rule.Rule != IntensityRule.None)
            Padding.Fill(ras.Voxels, rule.Rule == IntensityRule.Window);
        var prepared = Resampler.Trilinear(ras, grid);
        Intensity.Apply(prepared.Voxels, rule);
        return prepared;
    }

    /// <summary>The label on the same grid as <see cref="Prepare"/> gives (nearest).</summary>
    public static Volume<ushort> PrepareLabel(Volume<ushort> label, ModalityPreprocessing rule) =>
        Resampler.Nearest(Orientation.Of(label.Grid.Affine).ToRas(label), PreparedGrid(label.Grid, rule));

    /// <summary>The grid that <see cref="Prepare"/> gives for an image on this grid: same centre, axes along R, A, S as far as the image is not oblique.</summary>
    public static Grid PreparedGrid(Grid image, ModalityPreprocessing rule)
    {
        if (rule.Spacing.Count != 3 || rule.Spacing.Any(mm => !(mm > 0) || !double.IsFinite(mm)))
            throw new DomainException($"The preprocessing of {rule.Modality} has the spacing [{string.Join(", ", rule.Spacing)}]; expected three numbers of millimetres above 0.");
        var ras = Orientation.Of(image.Affine).ToRas(image);
        return Resampler.WithSpacing(ras, (rule.Spacing[0], rule.Spacing[1], rule.Spacing[2]));
    }

    /// <summary>A field on the prepared grid (e.g. a probability) on the image's own grid again (trilinear).</summary>
    public static Volume<float> Restore(Volume<float> prepared, Grid image)
    {
        var orientation = Orientation.Of(image.Affine);
        return orientation.FromRas(Resampler.Trilinear(prepared, orientation.ToRas(image)), image);
    }

    /// <summary>Decides the rule for a modality from training images. "CT" → Window of [0.5, 99.5] percentiles with mean and sd, of the body without padding and air; the rest PercentileZScore [0.5, 99.5].</summary>
    /// <param name="images">Read once, one after the other.</param>
    /// <param name="spacing">From the recipe; null: the median spacing over the images along R, A, S.</param>
    public static ModalityPreprocessing Plan(string modality, IEnumerable<Volume<float>> images, IReadOnlyList<double>? spacing) =>
        PreprocessingPlan.Make(modality, images, spacing);
}
