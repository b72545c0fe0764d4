using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Preprocessing;

/// <summary>From a file's grid to the grid that the network sees (RAS axes, the modality's spacing) and back.</summary>
public static class Preprocessor
{
    /// <summary>Reorients to RAS, resamples (trilinear) to the rule's spacing, maps intensities. NaN voxels count as the lowest finite value.</summary>
    public static Volume<float> Prepare(Volume<float> image, ModalityPreprocessing rule) => throw new NotImplementedException();

    /// <summary>The label on the same grid as <see cref="Prepare"/> gives (nearest).</summary>
    public static Volume<ushort> PrepareLabel(Volume<ushort> label, ModalityPreprocessing rule) => throw new NotImplementedException();

    /// <summary>The grid that <see cref="Prepare"/> gives for an image on this grid.</summary>
    public static Grid PreparedGrid(Grid image, ModalityPreprocessing rule) => throw new NotImplementedException();

    /// <summary>A field on the prepared grid (e.g. a probability) on the image's own grid again (trilinear).</summary>
    public static Volume<float> Restore(Volume<float> prepared, Grid image) => throw new NotImplementedException();

    /// <summary>Decides the rule for a modality from training images. "CT" → Window of [0.5, 99.5] percentiles with mean and sd; the rest PercentileZScore [0.5, 99.5].</summary>
    /// <param name="spacing">From the recipe; null: the median spacing over the images along R, A, S.</param>
    public static ModalityPreprocessing Plan(string modality, IEnumerable<Volume<float>> images, IReadOnlyList<double>? spacing) => throw new NotImplementedException();
}
