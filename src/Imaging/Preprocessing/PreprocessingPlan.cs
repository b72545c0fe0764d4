using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Preprocessing;

/// <summary>What <see cref="Preprocessor.Plan"/> gathers from training images, one at a time: none is kept.</summary>
internal sealed class PreprocessingPlan
{
    private const double LowPercentile = 0.5;
    private const double HighPercentile = 99.5;

    /// <summary>Hounsfield units. Air around the body says nothing of it: how much of it a scan shows depends on the field of view alone.</summary>
    private const float Air = -950;

    private readonly List<float> _samples = [];
    private readonly List<(double R, double A, double S)> _spacings = [];

    public static ModalityPreprocessing Make(string modality, IEnumerable<Volume<float>> images, IReadOnlyList<double>? spacing)
    {
        var ct = IntensityRules.Of(modality) == IntensityRule.Window;
        var plan = new PreprocessingPlan();
        if (ct || spacing is null)
            foreach (var image in images)
                plan.Add(image, withVoxels: ct);
        return ct
            ? plan.Window(modality, spacing ?? plan.MedianSpacing(modality))
            : new ModalityPreprocessing(modality, spacing ?? plan.MedianSpacing(modality), IntensityRule.PercentileZScore, LowPercentile, HighPercentile);
    }

    private void Add(Volume<float> image, bool withVoxels)
    {
        _spacings.Add(Orientation.Of(image.Grid.Affine).ToRas(image.Grid).Spacing);
        if (!withVoxels)
            return;
        var plausible = IntensitySample.Of(image.Voxels, hounsfield: true);
        var body = Array.FindAll(plausible, value => value > Air);
        _samples.AddRange(body.Length > 0 ? body : plausible);
    }

    private ModalityPreprocessing Window(string modality, IReadOnlyList<double> spacing)
    {
        if (_samples.Count == 0)
            throw NoImages(modality);
        var samples = _samples.ToArray();
        var (low, high) = Percentiles.Of(samples, LowPercentile, HighPercentile);
        Intensity.Clip(samples, low, high);
        var (mean, deviation) = Intensity.MeanAndDeviation(samples);
        return new ModalityPreprocessing(modality, spacing, IntensityRule.Window, low, high, mean, deviation > 0 ? deviation : 1);
    }

    private IReadOnlyList<double> MedianSpacing(string modality) => _spacings.Count == 0
        ? throw NoImages(modality)
        : [Median(_spacings.Select(s => s.R)), Median(_spacings.Select(s => s.A)), Median(_spacings.Select(s => s.S))];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static DomainException NoImages(string modality) =>
        new($"The preprocessing of {modality} cannot be decided: there is no training image with a finite voxel. Give the dataset labelled training cases.");
}
