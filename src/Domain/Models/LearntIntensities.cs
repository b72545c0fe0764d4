using System.Globalization;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Models;

/// <summary>The intensities of many images: as they are, and in shape, which no change of scale touches.</summary>
/// <param name="Zero">Where 0 lies between the images' low (0) and high (1) percentile.</param>
/// <param name="Middle">Where the median lies there.</param>
public sealed record LearntIntensities(ValueRange Low, ValueRange Median, ValueRange High, ValueRange Zero, ValueRange Middle)
{
    /// <summary>Share of the learnt range by which a percentile may lie outside of it.</summary>
    private const double Margin = 0.25;

    private const double ShapeMargin = 0.2;

    public static LearntIntensities? Of(IReadOnlyList<ImageIntensities> images) => images.Count == 0 ? null : new LearntIntensities(
        ValueRange.Of(images.Select(image => image.Low)), ValueRange.Of(images.Select(image => image.Median)), ValueRange.Of(images.Select(image => image.High)),
        ValueRange.Of(images.Select(ZeroOf)), ValueRange.Of(images.Select(MiddleOf)));

    public static LearntIntensities Union(LearntIntensities a, LearntIntensities b) => new(ValueRange.Union(a.Low, b.Low), ValueRange.Union(a.Median, b.Median),
        ValueRange.Union(a.High, b.High), ValueRange.Union(a.Zero, b.Zero), ValueRange.Union(a.Middle, b.Middle));

    /// <summary>Where all images share a scale (CT), percentiles are compared as they are; elsewhere, by their shape.</summary>
    public bool IsUnlike(ImageIntensities image, IntensityRule rule)
    {
        if (rule is IntensityRule.PercentileZScore)
            return !Zero.Holds(ZeroOf(image), ShapeMargin, ShapeMargin) || !Middle.Holds(MiddleOf(image), ShapeMargin, ShapeMargin);
        var margin = Margin * (High.Most - Low.Least);
        return !Low.Holds(image.Low, margin, margin) || !Median.Holds(image.Median, margin, margin) || !High.Holds(image.High, margin, margin);
    }

    public override string ToString() => $"{Text(Low)} … {Text(Median)} … {Text(High)}";

    private static double ZeroOf(ImageIntensities image) => image.High > image.Low ? -image.Low / (image.High - image.Low) : 0;

    private static double MiddleOf(ImageIntensities image) => image.High > image.Low ? (image.Median - image.Low) / (image.High - image.Low) : 0;

    private static string Text(ValueRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.Least:G4} to {range.Most:G4}");
}
