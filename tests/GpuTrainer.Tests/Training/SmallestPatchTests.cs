using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>At 16 voxels a side the deepest stage has one voxel; a recipe may ask for it, so it must train.</summary>
public sealed class SmallestPatchTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FeatureNorm.Group)]
    [InlineData(FeatureNorm.Batch)]
    public async Task The_smallest_patch_that_a_recipe_may_have_trains_with_finite_losses_and_gradients(FeatureNorm norm)
    {
        using var store = new SmallStore();
        var recipe = SmallStore.Recipe with { Norm = norm, Patch = [16, 16, 16] };
        Assert.Empty(recipe.Validate());
        Assert.NotEmpty((recipe with { Patch = [8, 16, 16] }).Validate());

        var losses = new List<double>();
        new Trainer(store.Run(recipe), 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }, progress => losses.Add(progress.Loss ?? 0)).Run(_cancellation, _cancellation);

        Assert.All(losses, loss => Assert.True(double.IsFinite(loss), $"{loss}"));
        var model = await store.Blobs.ReadJsonAsync<ModelManifest>(BlobLayout.AttemptModel("run", 1) + BlobLayout.ModelFile, DomainJson.Readable, _cancellation);
        var images = Assert.Single(model.LearntFrom);
        Assert.Equal(("MRI", new ValueRange(1, 1), new ValueRange(20, 20)), (images.Modality, images.Spacing[0], images.Extent[2]));
    }
}
