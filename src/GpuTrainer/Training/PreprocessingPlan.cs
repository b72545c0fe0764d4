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
        foreach (var modality in data.Datasets.GroupBy(dataset => dataset.Modality).Where(modality => rules.All(rule => rule.Modality != modality.Key)))
            rules.Add(Preprocessor.Plan(modality.Key, ImagesOf(store, modality, cancellation), plan.HasPlannedSpacing ? plan.Spacing[modality.Key] : plan.Recipe.Spacing));
        return rules;
    }

    // The modality's first dataset that has any, training images before unlabelled ones; sealed and validation images are not looked at.
    private static IEnumerable<Volume<float>> ImagesOf(IBlobStore store, IGrouping<string, DatasetManifest> modality, CancellationToken cancellation)
    {
        var cases = modality.Select(dataset => CasesOf(dataset).Take(MostImages).Select(c => new CaseReference(dataset, c)).ToList()).FirstOrDefault(cases => cases.Count > 0)
            ?? throw new DomainException($"Modality '{modality.Key}' cannot be planned: of {string.Join(", ", modality.Select(dataset => dataset.Name))} none has training or unlabelled images. Drop some.");
        return cases.Select(c => c.ReadImageAsync(store, cancellation).GetAwaiter().GetResult());
    }

    private static IEnumerable<CaseEntry> CasesOf(DatasetManifest dataset) => dataset.In(Split.Training).Concat(dataset.Unlabelled);
}
