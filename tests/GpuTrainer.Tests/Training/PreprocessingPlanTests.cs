using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class PreprocessingPlanTests : IDisposable
{
    private readonly SmallStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_modality_is_planned_from_its_first_dataset_that_has_images_to_learn_from()
    {
        var sealedOnly = _store.Manifest with { Name = "a-test-set", Cases = [.. _store.Manifest.In(Split.Test)] };
        Assert.Equal([1, 1, 1], Rule([sealedOnly, _store.Manifest]).Spacing);

        var error = Assert.Throws<DomainException>(() => Rule([sealedOnly]));
        Assert.Contains("a-test-set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_of_ones_own_keeps_its_spacing_when_its_batch_was_split()
    {
        Assert.Equal([1, 1, 1], Rule([_store.Manifest], new PlannedChoice("smaller batch", "2 + 2 samples", "4 + 4 ran out of memory")).Spacing);
        Assert.Equal([3, 3, 3], Rule([_store.Manifest], new PlannedChoice(PlannedChoice.Spacing, "3×3×3 mm", "the median")).Spacing);
    }

    private ModalityPreprocessing Rule(IReadOnlyList<DatasetManifest> datasets, params PlannedChoice[] choices)
    {
        var run = _store.Run();
        var plan = new RecipePlan
        {
            Asked = run.Recipe.Hash,
            Recipe = run.Recipe,
            Spacing = new Dictionary<string, IReadOnlyList<double>> { ["MRI"] = [3, 3, 3] },
            Device = new DeviceFacts("cpu", 1L << 30, 0, 1),
            Choices = choices,
        };
        return Assert.Single(PreprocessingPlan.Make(_store.Blobs, new TrainingData(run.LabelSpace, datasets), plan, [], TestContext.Current.CancellationToken));
    }
}
