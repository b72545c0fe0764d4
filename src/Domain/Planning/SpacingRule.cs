using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>
/// The grid that the network sees, decided once for each modality of a line: what the champion has, what the recipe
/// says, else the median of the images. Where one axis is far coarser than the others, its median would throw away what
/// the finer scans have: there the 10th percentile is taken (Isensee et al. 2021), but nothing finer than the other axes.
/// </summary>
internal static class SpacingRule
{
    /// <summary>From this ratio of the coarsest to the finest axis on, an axis is called anisotropic.</summary>
    private const double Anisotropic = 3;

    public static (IReadOnlyList<double> Spacing, string Reason) Choose(TrainingRecipe asked, ModalityFingerprint images, KnownModel? champion)
    {
        if (champion?.Spacing.GetValueOrDefault(images.Modality) is { } known)
            return (known, $"as the champion {champion.Name}: a line sees {images.Modality} at one spacing for ever");
        if (asked.Spacing is { } given)
            return (given, "as the recipe says");
        if (images.Images.Count == 0)
            throw new DomainException($"There is no training image of modality '{images.Modality}' to plan its spacing from. Drop some, or set 'spacing' in the recipe.");
        var median = Geometry.PerAxis(axis => Geometry.Percentile(images.Images.Select(image => image.Spacing[axis]), 0.5));
        var coarsest = Array.IndexOf(median, median.Max());
        if (!asked.Auto || median[coarsest] < Anisotropic * median.Min())
            return (median, $"the median of {images.Images.Count} {images.Modality} images");
        var others = median.Where((_, axis) => axis != coarsest).Max();
        var finer = Math.Max(others, Geometry.Percentile(images.Images.Select(image => image.Spacing[coarsest]), 0.1));
        return (Geometry.PerAxis(axis => axis == coarsest ? finer : median[axis]),
            $"the median of {images.Images.Count} {images.Modality} images is {Geometry.Text(median)} mm; along {"RAS"[coarsest]}, {median[coarsest] / median.Min():0.#} times the finest axis, the 10th percentile");
    }
}
