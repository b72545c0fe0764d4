using System.Globalization;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Models;

/// <summary>The smallest and the largest value of a measure over many images.</summary>
public sealed record ValueRange(double Least, double Most)
{
    public static ValueRange Of(IEnumerable<double> values) => values.Aggregate(new ValueRange(double.PositiveInfinity, double.NegativeInfinity),
        (range, value) => new ValueRange(Math.Min(range.Least, value), Math.Max(range.Most, value)));

    public bool Holds(double value, double below, double above) => value >= Least - below && value <= Most + above;

    public static ValueRange Union(ValueRange a, ValueRange b) => new(Math.Min(a.Least, b.Least), Math.Max(a.Most, b.Most));
}

/// <summary>An image as it compares with others.</summary>
/// <param name="Spacing">Millimetres, finest axis first: axes have no common names before a file is read.</param>
/// <param name="Extent">Millimetres, shortest side first.</param>
public sealed record ImageLook(IReadOnlyList<double> Spacing, IReadOnlyList<double> Extent, ImageIntensities? Intensities)
{
    public static ImageLook Of(IReadOnlyList<int> size, IReadOnlyList<double> spacing, ImageIntensities? intensities) =>
        new([.. spacing.Order()], [.. size.Zip(spacing, (voxels, mm) => voxels * mm).Order()], intensities);
}

/// <summary>The range of all images of one modality that a model has learnt from: an image far outside of it is warned about.</summary>
/// <param name="Spacing">As <see cref="ImageLook.Spacing"/>.</param>
/// <param name="Extent">As <see cref="ImageLook.Extent"/>.</param>
/// <param name="Intensities">Null where no image's were measured.</param>
public sealed record LearntImages(string Modality, IReadOnlyList<ValueRange> Spacing, IReadOnlyList<ValueRange> Extent, LearntIntensities? Intensities)
{
    /// <summary>Voxels up to this many times finer or coarser than any that were learnt from are near enough.</summary>
    private const double SpacingFactor = 1.5;
    private const double ExtentFactor = 2;

    /// <summary>Of the training images, labelled or not; one for each modality.</summary>
    public static IReadOnlyList<LearntImages> Of(IEnumerable<DatasetManifest> datasets) => [.. datasets.GroupBy(dataset => dataset.Modality)
        .Select(modality => (Modality: modality.Key, Looks: modality.SelectMany(dataset => dataset.In(Split.Training).Concat(dataset.Unlabelled)).Select(LookOf).ToList()))
        .Where(modality => modality.Looks.Count > 0)
        .Select(modality => new LearntImages(modality.Modality, PerAxis(modality.Looks, look => look.Spacing), PerAxis(modality.Looks, look => look.Extent),
            LearntIntensities.Of([.. modality.Looks.Select(look => look.Intensities).OfType<ImageIntensities>()])))];

    /// <summary>Those of one modality put together.</summary>
    public static IReadOnlyList<LearntImages> Union(IEnumerable<LearntImages> all) => [.. all.GroupBy(images => images.Modality).Select(same => same.Aggregate(Union))];

    /// <summary>In what an image is unlike every image that was learnt from; a sentence each.</summary>
    public IEnumerable<string> Differences(ImageLook look, IntensityRule rule)
    {
        if (Outside(look.Spacing, Spacing, SpacingFactor))
            yield return $"The image has voxels of {Text(look.Spacing)} mm (finest axis first), unlike all {Modality} images that the model learnt from: {Text(Spacing)} mm.";
        if (Outside(look.Extent, Extent, ExtentFactor))
            yield return $"The image has sides of {Text(look.Extent)} mm (shortest first), unlike all {Modality} images that the model learnt from: {Text(Extent)} mm.";
        if (look.Intensities is { } found && Intensities?.IsUnlike(found, rule) == true)
            yield return $"The image's intensities, {found.Low:G4} … {found.Median:G4} … {found.High:G4} (0.5th percentile, median, 99.5th), are unlike those of all {Modality} images that the model learnt from: {Intensities}. Is it {Modality}?";
    }

    private static ImageLook LookOf(CaseEntry entry) => ImageLook.Of(entry.Size, entry.Spacing, entry.Intensities);

    private static IReadOnlyList<ValueRange> PerAxis(IReadOnlyList<ImageLook> looks, Func<ImageLook, IReadOnlyList<double>> of) =>
        [.. Enumerable.Range(0, 3).Select(axis => ValueRange.Of(looks.Select(look => of(look)[axis])))];

    private static LearntImages Union(LearntImages a, LearntImages b) => new(a.Modality, [.. a.Spacing.Zip(b.Spacing, ValueRange.Union)], [.. a.Extent.Zip(b.Extent, ValueRange.Union)],
        a.Intensities is null ? b.Intensities : b.Intensities is null ? a.Intensities : LearntIntensities.Union(a.Intensities, b.Intensities));

    private static bool Outside(IReadOnlyList<double> values, IReadOnlyList<ValueRange> ranges, double factor) =>
        values.Zip(ranges).Any(axis => axis.First < axis.Second.Least / factor || axis.First > axis.Second.Most * factor);

    private static string Text(IEnumerable<double> lengths) => string.Join(" × ", lengths.Select(Text));

    private static string Text(IEnumerable<ValueRange> ranges) =>
        string.Join(" × ", ranges.Select(range => Text(range.Least) == Text(range.Most) ? Text(range.Least) : $"{Text(range.Least)}–{Text(range.Most)}"));

    private static string Text(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);
}
