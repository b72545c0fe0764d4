using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Preprocessing;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>The rule of every modality of a run: the champion's where it knows the modality, else planned once from training images.</summary>
public static class PreprocessingPlan
{
    /// <summary>Images looked at to plan a modality: enough for a median and percentiles.</summary>
    private const int MostImages = 32;

    public static IReadOnlyList<ModalityPreprocessing> Make(IBlobStore store, TrainingData data, RecipePlan plan, IReadOnlyList<ModalityPreprocessing> known, CancellationToken cancellation)
    {
        var rules = known.ToList();
        foreach (var first in data.Datasets.DistinctBy(dataset => dataset.Modality))
            if (rules.All(rule => rule.Modality != first.Modality))
                rules.Add(Preprocessor.Plan(first.Modality, ImagesOf(store, first, cancellation), plan.Choices.Count > 0 ? plan.Spacing[first.Modality] : plan.Recipe.Spacing));
        return rules;
    }

    // The modality's first dataset, training images before unlabelled ones; sealed and validation images are not looked at.
    private static IEnumerable<Volume<float>> ImagesOf(IBlobStore store, DatasetManifest dataset, CancellationToken cancellation)
    {
        var cases = dataset.In(Split.Training).Concat(dataset.Unlabelled).Take(MostImages).ToList();
        if (cases.Count == 0)
            throw new DomainException($"Dataset {dataset.Name} has neither training nor unlabelled images; modality '{dataset.Modality}' cannot be planned from it.");
        return cases.Select(c => new CaseReference(dataset, c).ReadImageAsync(store, cancellation).GetAwaiter().GetResult());
    }
}
